import type { RequestContext } from "../../src/application/request_context.ts";
import type { Services } from "../../src/application/services.ts";
import type { FanId, SeatId } from "../../src/domain/ids.ts";
import type { QueueToken } from "../../src/domain/queue.ts";
import { type BoxOffice, CONCERT } from "./box_office.ts";
import type { Traffic } from "./traffic.ts";

/** What a buyer calls between the admission and the payment, evenly over the time. */
export const CALLS = ["concerts", "schedules", "seats", "seats", "seats", "hold"] as const;

/** The number of the act that follows these calls, and of an admission that only lapses. */
export const PAY = CALLS.length;
export const LAPSE = PAY + 1;

export interface Shopper {
  readonly fan: number;
  readonly token: QueueToken;
  readonly services: Services;
}

export interface ShopOptions {
  readonly context: RequestContext;
  readonly traffic: Traffic;
  readonly office: BoxOffice;
}

/** Makes the calls of buyers. */
export interface Shop {
  /** False when the call was refused. */
  call(shopper: Shopper, call: typeof CALLS[number]): Promise<boolean>;
}

export function createShop({ context, traffic, office }: ShopOptions): Shop {
  async function seats({ fan, token, services }: Shopper): Promise<boolean> {
    const schedule = { concertId: CONCERT, scheduleId: office.scheduleOf(fan) };
    const request = { ...schedule, section: null };
    return (await services.catalogue.seats(context, token, request)).ok;
  }

  async function hold({ fan, token, services }: Shopper): Promise<boolean> {
    const request = {
      concertId: CONCERT,
      scheduleId: office.scheduleOf(fan),
      seatIds: [1, 2] as unknown as readonly SeatId[],
    };
    const held = traffic.during(
      "shopping",
      () => services.reservations.hold(token, request, null),
    );
    return (await held).ok;
  }

  return {
    async call(shopper, call) {
      const { token, services } = shopper;
      switch (call) {
        case "concerts":
          return (await services.catalogue.concerts(context, token, { limit: 500, after: null }))
            .ok;
        case "schedules":
          return (await services.catalogue.schedules(context, token, CONCERT)).ok;
        case "seats":
          return await seats(shopper);
        case "hold":
          return await hold(shopper);
      }
    },
  };
}

/** Pays for what the fan holds. The payment ends the place. */
export async function pay(
  services: Services,
  context: RequestContext,
  fan: FanId,
): Promise<void> {
  const once = { caller: `fan:${fan}`, route: "POST /v1/payments", key: fan, bodyHash: "" };
  const paid = await services.payments.pay(context, fan, ["rsv_1"], once);
  if (!paid.ok) throw new Error(`a payment was refused: ${paid.failure.kind}`);
}
