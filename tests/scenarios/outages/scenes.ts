import { newFan, type Received } from "../../support/api_box.ts";
import { testOfRealRedis } from "../../support/redis.ts";
import { charge, holdSeats, type Sale } from "../../support/sale.ts";
import { type FrailCloud, startCloud } from "./cloud.ts";
import type { RemoteBox } from "../../support/remote_box.ts";

/** What the fan of \`fanWithHolds\` was charged. */
export const CHARGED = 10_000;

/** Registers tests over one cloud, which the first of them starts: none without a real Redis. */
export function outages() {
  let cloud: FrailCloud | undefined;
  Deno.test.afterAll(async () => {
    await cloud?.close();
  });
  return (name: string, run: (cloud: FrailCloud) => Promise<void>): void =>
    testOfRealRedis(`outage: ${name}`, async () => {
      await run(cloud ??= await startCloud());
    });
}

/** An admitted fan with money and two seats held. */
export async function fanWithHolds(box: RemoteBox, sale: Sale) {
  const fan = newFan("a");
  await charge(box, fan, CHARGED);
  const place = await box.join(fan);
  const seatIds = sale.schedules[0]!.seatIds.slice(0, 3);
  return { fan, place, held: await holdSeats(box, fan, place, sale, seatIds) };
}

/** All that needs the line. */
export function lineActs({ call }: RemoteBox, fan: string, place: string, sale: Sale) {
  const { scheduleId, seatIds } = sale.schedules[0]!;
  const dates = `/v1/concerts/${sale.concertId}/schedules`;
  const json = { concertId: sale.concertId, scheduleId, seatIds: seatIds.slice(-1) };
  const mine = { fan, place };
  return {
    join: () => call("POST", "/v1/queue/tokens", { fan }),
    poll: () => call("GET", "/v1/queue/tokens/me", { place }),
    leave: () => call("DELETE", "/v1/queue/tokens/me", { place }),
    length: () => call("GET", "/v1/queue"),
    list: () => call("GET", "/v1/concerts", mine),
    schedules: () => call("GET", dates, mine),
    seats: () => call("GET", `${dates}/${scheduleId}/seats`, mine),
    hold: () => call("POST", "/v1/reservations", { ...mine, json }),
  } satisfies Record<string, () => Promise<Received>>;
}

/** The title under which this answer lists the sale's concert. */
export function titleOf({ body }: Received, { concertId }: Sale): string | undefined {
  const concerts: { concertId: number; title: string }[] = body.concerts;
  return concerts.find((concert) => concert.concertId === concertId)?.title;
}

export async function rename({ call }: RemoteBox, { concertId }: Sale, title: string) {
  return await call("PATCH", `/v1/admin/concerts/${concertId}`, {
    operator: true,
    json: { title },
  });
}
