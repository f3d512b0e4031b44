import { deepEqual, equal } from "node:assert/strict";
import { EVENT_TYPES, SILENT_REST_MS } from "../../../src/domain/webhook.ts";
import {
  ALEX,
  type BoxOffice,
  type ContractTest,
  must,
  nth,
  rfc3339,
} from "../box_office/office.ts";
import {
  claim,
  dataOf,
  emit,
  FAILED,
  LEASE_MS,
  replay,
  RETRY_MS,
  rowsOf,
  settle,
  withWebhooks,
} from "./receiver.ts";

const DAY_MS = 86_400_000;

async function only({ webhooks }: Pick<BoxOffice, "webhooks">) {
  return nth(await webhooks.list(), 0);
}

/** At least once, each delivery on its own. */
export function deliveriesContract(test: ContractTest): void {
  test("a claimed delivery is nobody else's until its lease ends", async (office) => {
    await withWebhooks(office, [EVENT_TYPES], async ([webhookId]) => {
      await emit(office, "concert.sold_out", { concertId: 1 });
      const emittedAt = rfc3339(office.clock.nowMs);
      const first = await claim(office);
      deepEqual([first.hasWebhooks, first.dueInMs], [true, LEASE_MS]);
      const { sequence, eventId, ...delivery } = nth(first.deliveries, 0);
      equal(eventId, `evt_${sequence}_${office.clock.nowMs}`);
      deepEqual(delivery, {
        webhookId,
        url: "https://hooks.example.com/",
        secret: "whsec_c2VjcmV0",
        type: "concert.sold_out",
        timestamp: emittedAt,
        data: { concertId: 1 },
        attempts: 1,
      });
      office.clock.nowMs += LEASE_MS - 1;
      deepEqual(await claim(office), { deliveries: [], hasWebhooks: true, dueInMs: 1 });
      office.clock.nowMs += 1;
      equal(nth((await claim(office)).deliveries, 0).attempts, 2);
      // Of the first claim, which took too long: the second has it now.
      await settle(office, first.deliveries, FAILED);
      equal((await claim(office)).dueInMs, LEASE_MS);
    });
  });

  test("a receiver that did not answer rests; a replay ends that", async (office) => {
    await withWebhooks(office, [EVENT_TYPES, EVENT_TYPES], async ([webhookId, other]) => {
      await emit(office, "concert.sold_out", { concertId: 1 }, { concertId: 2 });
      const { deliveries } = await claim(office);
      const [first] = deliveries.filter((delivery) => delivery.webhookId === webhookId);
      const silent = { result: "FAILED", retryInMs: 1, reason: "late", isSilent: true } as const;
      const settled = await settle(office, [first!], silent);
      equal(settled.dueInMs, SILENT_REST_MS, "its own events wait, the others have the lease");
      office.clock.nowMs += SILENT_REST_MS - 1;
      deepEqual((await claim(office)).deliveries, []);
      office.clock.nowMs += 1;
      deepEqual((await claim(office, 9, [nth([webhookId], 0)!])).deliveries, []);
      const [again] = (await claim(office)).deliveries;
      deepEqual([again?.webhookId, again?.data], [webhookId, { concertId: 1 }]);
      await settle(office, [again!], silent);
      equal((await claim(office)).deliveries.length, 0);
      const since = rfc3339(office.clock.nowMs - DAY_MS);
      await replay(office, nth([webhookId], 0)!, since);
      const replayed = (await claim(office, 100, [nth([other], 0)!])).deliveries;
      deepEqual(replayed.slice(-2).map(({ data }) => data), [{ concertId: 1 }, { concertId: 2 }]);
    });
  });

  test("a delivery ends with its success, and is due again after a failure", async (office) => {
    await withWebhooks(office, [EVENT_TYPES], async () => {
      await emit(office, "concert.sold_out", { concertId: 1 });
      const { deliveries } = await claim(office);
      deepEqual(await settle(office, deliveries, FAILED), {
        givenUp: 0,
        hasWebhooks: true,
        dueInMs: RETRY_MS,
      });
      const at = rfc3339(office.clock.nowMs);
      const failed = await only(office);
      deepEqual([failed.pending, failed.lastFailure], [1, { at, reason: "status 500" }]);
      office.clock.nowMs += RETRY_MS;
      const again = await claim(office);
      equal(nth(again.deliveries, 0).attempts, 2);
      deepEqual(await settle(office, again.deliveries, { result: "DELIVERED" }), {
        givenUp: 0,
        hasWebhooks: true,
        dueInMs: null,
      });
      const { pending, lastDeliveredAt } = await only(office);
      deepEqual([pending, lastDeliveredAt], [0, rfc3339(office.clock.nowMs)]);
    });
  });

  test("a delivery is given up after its last attempt, or a day after its event", async (office) => {
    await withWebhooks(office, [EVENT_TYPES], async () => {
      await emit(office, "concert.sold_out", { concertId: 1 });
      const last = (await claim(office)).deliveries;
      equal((await settle(office, last, { ...FAILED, retryInMs: null })).givenUp, 1);

      await emit(office, "concert.sold_out", { concertId: 2 });
      const emittedAtMs = office.clock.nowMs;
      await settle(office, (await claim(office)).deliveries, { ...FAILED, retryInMs: DAY_MS });
      equal((await only(office)).pending, 1);
      office.clock.nowMs = emittedAtMs + DAY_MS;
      const late = (await claim(office)).deliveries;
      deepEqual(dataOf(late), [{ concertId: 2 }]);
      deepEqual(await settle(office, late, { ...FAILED, retryInMs: 1 }), {
        givenUp: 1,
        hasWebhooks: true,
        dueInMs: null,
      });
    });
  });

  test("a delivery that was not sent has lost no attempt", async (office) => {
    await withWebhooks(office, [EVENT_TYPES], async () => {
      await emit(office, "concert.sold_out", { concertId: 1 });
      const { deliveries } = await claim(office);
      await settle(office, deliveries, { result: "UNSENT", retryInMs: RETRY_MS });
      equal((await only(office)).lastFailure, null);
      office.clock.nowMs += RETRY_MS;
      equal(nth((await claim(office)).deliveries, 0).attempts, 1);
    });
  });

  test("a full claim has deliveries of every webhook, the oldest of each", async (office) => {
    const wanted = [["concert.sold_out"], ["concert.withdrawn"]] as const;
    await withWebhooks(office, wanted, async () => {
      const ids = (first: number) => [0, 1, 2, 3].map((index) => ({ concertId: first + index }));
      await emit(office, "concert.sold_out", ...ids(10));
      office.clock.nowMs += 1;
      await emit(office, "concert.withdrawn", ...ids(20));
      const concertsOf = async (limit: number) =>
        dataOf((await claim(office, limit)).deliveries)
          .map((data) => (data as { concertId: number }).concertId);
      deepEqual(await concertsOf(4), [10, 11, 20, 21]);
      deepEqual(await concertsOf(3), [12, 13, 22]);
      deepEqual(await concertsOf(3), [23]);
    });
  });

  test("a webhook that answers that it is gone gets nothing, until a replay", async (office) => {
    const { clock, sql } = office;
    await withWebhooks(office, [EVENT_TYPES], async ([webhookId]) => {
      clock.nowMs += 1;
      const since = rfc3339(clock.nowMs - 1);
      await emit(office, "concert.sold_out", { concertId: 1 }, { concertId: 2 });
      const { deliveries } = await claim(office, 1);
      const gone = { result: "GONE", reason: "status 410" } as const;
      deepEqual(await settle(office, deliveries, gone), {
        givenUp: 0,
        hasWebhooks: false,
        dueInMs: null,
      });
      deepEqual((await only(office)).disabledAt, rfc3339(clock.nowMs));
      equal(await rowsOf(sql, "deliveries"), 0);
      equal(await emit(office, "concert.sold_out", { concertId: 3 }), false);
      equal((await replay(office, webhookId, since)).events, 2);
      equal((await only(office)).disabledAt, null);
      equal((await claim(office)).deliveries.length, 2);
    });
  });

  test("a replay begins a delivery anew, whatever becomes of its present attempt", async (office) => {
    const { clock } = office;
    await withWebhooks(office, [["concert.withdrawn"]], async ([webhookId]) => {
      clock.nowMs += 1;
      const since = rfc3339(clock.nowMs - 1);
      await emit(office, "concert.withdrawn", { concertId: 1 });
      const { deliveries } = await claim(office);
      equal((await replay(office, webhookId, since)).events, 1);
      await settle(office, deliveries, { result: "DELIVERED" });
      equal(nth((await claim(office)).deliveries, 0).attempts, 1);
    });
  });

  test("a deleted webhook gets nothing more, and its row goes a day later", async (office) => {
    const { webhooks, clock, sql, outbox } = office;
    const rows = async () => Number((await sql("select count(*) from webhooks", []))[0]!["count"]);
    const before = await rows();
    await withWebhooks(office, [EVENT_TYPES], async ([webhookId]) => {
      await emit(office, "concert.sold_out", { concertId: 1 });
      must(await webhooks.delete(webhookId, ALEX));
      equal(await rowsOf(sql, "deliveries"), 0);
      equal(await emit(office, "concert.sold_out", { concertId: 2 }), false);
      equal(await rows(), before + 1);
      clock.nowMs += DAY_MS + 1;
      await outbox.claim({ limit: 1, leaseMs: 1, except: [], sweep: true });
      equal(await rows(), 0);
    });
  });
}
