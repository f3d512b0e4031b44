import type { ApiTarget, Received } from "../support/api_box.ts";
import type { ApiBox } from "../support/api_box.ts";
import { standInChallenge } from "../../src/local/stand_in_challenge.ts";
import { localTarget } from "../support/local_target.ts";
import { putOnSale } from "../support/sale.ts";
import { Known } from "./values.ts";

export const FANS = ["ann", "bob", "cho"] as const;
export const DOOR_TOKEN = "a-door-token-of-at-least-32-bytes-in-all";
const AUDIENCE = "https://shop.example.com";
/** How many ids of a kind are kept, the newest. Those of one request fit together. */
const MOST_KEPT: Readonly<Record<string, number>> = {
  concertId: 1,
  scheduleId: 1,
  seatId: 3,
};
const MOST_OTHERS_KEPT = 20;
/** The room of the sale stays known, whatever rooms are made. */
const ROOM = "main";
const SEATS = 8;
/** So many seats of a sale are held at once. The next ones are free for a while. */
const HELD = 3;

/** Members of answers that later requests name. */
export const KNOWN_NAMES = new Set([
  "concertId",
  "scheduleId",
  "seatId",
  "room",
  "userId",
  "reservationId",
  "paymentId",
  "ticketId",
  "refundId",
  "webhookId",
  "code",
  "section",
  "cursor",
  "timeZone",
  "audience",
]);

/** A sale that goes on, and what is known of it. */
export interface World {
  readonly box: ApiBox;
  readonly places: ReadonlyMap<string, string>;
  /** Makes sure that fans are admitted, have money, and find free seats. */
  refresh(): Promise<void>;
  /** Remembers the ids of an answer. */
  learn(answer: Received): void;
  /** The request with what the world has in the place of each `Known`. */
  filled(value: unknown): unknown;
  close(): Promise<void>;
}

export async function openWorld(
  openTarget: () => Promise<ApiTarget> = () =>
    localTarget({ challenge: standInChallenge({ clock: Date.now }) }),
): Promise<World> {
  const target = await openTarget();
  const box = await target.open({
    settings: {
      DOOR_TOKEN: `gate:${DOOR_TOKEN}`,
      ADMISSION_AUDIENCES: AUDIENCE,
      ADMISSION_ISSUER: "https://line.example.com",
    },
  });
  const places = new Map<string, string>();
  const pool = new Map<string, unknown[]>([["userId", [...FANS]], ["room", [ROOM]], ["audience", [
    AUDIENCE,
  ]], [
    "timeZone",
    ["Asia/Seoul", "Europe/Berlin", "UTC"],
  ]]);

  function keep(name: string, value: unknown): void {
    const kept = pool.get(name) ?? [];
    if (value === null || kept.includes(value)) return;
    const newest = [...kept, value].slice(-(MOST_KEPT[name] ?? MOST_OTHERS_KEPT));
    pool.set(name, name === "room" ? [ROOM, ...newest.filter((room) => room !== ROOM)] : newest);
  }

  function learnFrom(node: unknown): void {
    if (typeof node !== "object" || node === null) return;
    for (const [name, part] of Object.entries(node)) {
      if (typeof part === "object") learnFrom(part);
      else if (KNOWN_NAMES.has(name) && name !== "timeZone" && !(name in MOST_KEPT)) {
        keep(name, part);
      } else if (name === "nextCursor") keep("cursor", part);
    }
  }

  function filled(value: unknown): unknown {
    if (value instanceof Known) {
      const kept = pool.get(value.name) ?? [];
      return kept.length === 0 ? value.other : kept[value.index % kept.length];
    }
    if (Array.isArray(value)) return [...new Set(value.map(filled))];
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, filled(part)]));
  }

  function learn({ status, body }: Received): void {
    if (status < 300) learnFrom(body);
  }

  let rounds = 0;
  return {
    box,
    places,
    filled,
    learn,
    async refresh() {
      rounds++;
      box.clock.advance(1000);
      const open = { state: "OPEN", capacity: 1000, admissionsPerMinute: null, endLobby: true };
      await box.call("PATCH", `/v1/admin/rooms/${ROOM}`, { operator: true, json: open });
      const spare = { room: `spare-${rounds}` };
      learn(await box.call("POST", "/v1/admin/rooms", { operator: true, json: spare }));
      const sale = await putOnSale(box, { dates: [SEATS], price: 10 });
      for (const { scheduleId, seatIds } of sale.schedules) {
        keep("scheduleId", scheduleId);
        for (const seatId of seatIds.slice(HELD)) keep("seatId", seatId);
      }
      keep("concertId", sale.concertId);
      for (const fan of FANS) {
        const { body } = await box.call("POST", "/v1/queue/tokens", { fan });
        if (body.token) places.set(fan, body.token);
      }
      const fan = FANS[rounds % FANS.length]!;
      const key = `round-${rounds}`;
      await box.call("POST", "/v1/balance/charges", { fan, key, json: { amount: 1000 } });
      const { concertId, schedules: [schedule] } = sale;
      const json = {
        concertId,
        scheduleId: schedule!.scheduleId,
        seatIds: schedule!.seatIds.slice(0, HELD),
      };
      const held = await box.call("POST", "/v1/reservations", {
        fan,
        place: places.get(fan)!,
        json,
      });
      learn(held);
      const [first] = held.body.reservations ?? [];
      if (!first) return;
      const reservationIds = [first.reservationId];
      learn(await box.call("POST", "/v1/payments", { fan, key, json: { reservationIds } }));
      learn(await box.call("GET", "/v1/tickets?limit=1", { fan }));
    },
    async close() {
      await box.settle();
      await box.close();
      await target.close();
    },
  };
}
