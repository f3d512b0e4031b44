import assert from "node:assert/strict";
import { type ApiBox, newFan, type Received } from "../support/api_box.ts";
import { checkNotModified } from "../support/not_modified.ts";
import { charge, holdSeats, pay, putOnSale, type Sale } from "../support/sale.ts";
import { trips } from "./round_trips.ts";
import type { Scenario } from "./scenario.ts";

const SECOND_MS = 1_000;
const TAG = /^W\/"[\x21\x23-\x7e]+"$/;
const VIEWS = ["seats", "seat-map", "seat-statuses"] as const;
type View = typeof VIEWS[number];

/** A fan who follows the seats of a date. */
async function watcher(box: ApiBox, { sections }: { sections?: readonly (string | null)[] } = {}) {
  const fan = newFan("watcher");
  const place = await box.join(fan);
  const sale = sections ? await putSectionsOnSale(box, sections) : await putOnSale(box);
  const [date] = sale.schedules;
  const path = `/v1/concerts/${sale.concertId}/schedules/${date!.scheduleId}`;
  async function look(view: View, known?: string, query = "", at = path): Promise<Received> {
    const headers: Record<string, string> = known === undefined ? {} : { "If-None-Match": known };
    const received = await box.call("GET", `${at}/${view}${query}`, { fan, place, headers });
    await box.settle();
    return received;
  }
  const letters = async (query = "") =>
    (await look("seat-statuses", undefined, query)).body.statuses;
  return { fan, place, sale, date: date!, look, letters };
}

async function putSectionsOnSale(
  box: ApiBox,
  sections: readonly (string | null)[],
): Promise<Sale> {
  const { body } = await box.call("POST", "/v1/admin/concerts", {
    operator: true,
    json: {
      title: "Night Train",
      description: "",
      schedules: [{
        concertAt: new Date(box.clock() + 30 * 86_400_000).toISOString(),
        reservationAvailableAt: new Date(box.clock() - SECOND_MS).toISOString(),
        seats: sections.map((section, i) => ({ section, row: "1", x: i, y: 0.5, price: 100 })),
      }],
    },
  });
  return {
    concertId: body.concertId,
    schedules: body.schedules.map((made: { scheduleId: number; seats: { seatId: number }[] }) => ({
      scheduleId: made.scheduleId,
      seatIds: made.seats.map(({ seatId }) => seatId),
    })),
  };
}

function tagOf({ headers }: Received): string {
  const tag = headers.get("ETag")!;
  assert.match(tag, TAG);
  return tag;
}

type Watcher = Awaited<ReturnType<typeof watcher>>;

async function someoneHolds(box: ApiBox, { sale, date }: Watcher, seat = 0): Promise<string> {
  const other = newFan("other");
  const [id] = await holdSeats(box, other, await box.join(other), sale, [date.seatIds[seat]!]);
  return id!;
}

/** The seats as map and statuses together show them. */
function joined(map: Received, statuses: Received): unknown[] {
  assert.equal(map.body.mapVersion, statuses.body.mapVersion);
  const words: Record<string, string> = { A: "AVAILABLE", H: "HELD", S: "SOLD" };
  return map.body.seats.map((row: unknown[], i: number) => ({
    ...Object.fromEntries(map.body.columns.map((name: string, at: number) => [name, row[at]])),
    status: words[statuses.body.statuses[i]],
  }));
}

export function seatScenarios(test: Scenario): void {
  test("map and statuses together are the seats, of all sections and of one", async (open) => {
    const box = await open();
    const watching = await watcher(box, { sections: ["A", "B", "A", null, "B"] });
    await someoneHolds(box, watching, 1);
    for (const [query, numbers] of [["", [1, 2, 3, 4, 5]], ["?section=B", [2, 5]]] as const) {
      const seats = await watching.look("seats", undefined, query);
      const map = await watching.look("seat-map", undefined, query);
      const statuses = await watching.look("seat-statuses", undefined, query);
      assert.deepEqual(joined(map, statuses), seats.body.seats);
      assert.deepEqual(map.body.seats.map(([, number]: number[]) => number), numbers);
      assert.deepEqual(Object.keys(statuses.body), [
        "scheduleId",
        "mapVersion",
        "takenAt",
        "statuses",
      ]);
      assert.deepEqual(map.body.columns, [
        "seatId",
        "seatNumber",
        "label",
        "section",
        "row",
        "x",
        "y",
        "price",
      ]);
    }
    assert.equal(await watching.letters(), "AHAAA");
    assert.equal(await watching.letters("?section=B"), "HA");
    assert.equal(await watching.letters("?section=C"), "");
    assert.deepEqual((await watching.look("seats", undefined, "?section=C")).body.seats, []);
    for (const query of ["?section=", "?section=A&section=B", "?row=1"]) {
      const refused = await watching.look("seat-map", undefined, query);
      assert.deepEqual([refused.status, refused.body.code], [400, "VALIDATION_FAILED"], query);
    }
  });

  test("seats that a fan knows are answered by 304 without asking PostgreSQL", async (open) => {
    const box = await open();
    const { look } = await watcher(box);
    for (const view of VIEWS) {
      const first = await look(view);
      await look(view, tagOf(first)); // The first use of a script costs one round trip more.
      const again = await look(view, tagOf(first));
      assert.deepEqual([again.status, again.text], [304, ""]);
      assert.equal(tagOf(again), tagOf(first));
      assert.equal(again.headers.get("Cache-Control"), "private, no-cache");
      assert.deepEqual(trips(again), { redis: 1, postgres: 0 });
    }
  });

  test("304 of seats has the headers of 200", async (open) => {
    const box = await open();
    const { fan, place, sale, date } = await watcher(box);
    const path = `/v1/concerts/${sale.concertId}/schedules/${date.scheduleId}`;
    for (const view of VIEWS) await checkNotModified(box, `${path}/${view}`, { fan, place });
  });

  test("unchanged seats are 304 later too, but each snapshot of the statuses has its takenAt and ETag", async (open) => {
    const box = await open();
    const { look } = await watcher(box);
    const first = new Map<View, Received>();
    for (const view of VIEWS) first.set(view, await look(view));
    box.clock.advance(SECOND_MS);
    for (const view of ["seats", "seat-map"] as const) {
      assert.equal((await look(view, tagOf(first.get(view)!))).status, 304, view);
    }
    const before = first.get("seat-statuses")!;
    const after = await look("seat-statuses", tagOf(before));
    assert.equal(after.status, 200, "304 would hide the later takenAt");
    assert.equal(after.body.statuses, before.body.statuses);
    assert.ok(after.body.takenAt > before.body.takenAt);
    assert.notEqual(tagOf(after), tagOf(before));
  });

  test("a change of the seats is hidden for a second at most", async (open) => {
    const box = await open({ HOLD_TTL_SECONDS: "5" });
    const watching = await watcher(box);
    const { look, letters } = watching;
    const before = await look("seats");
    assert.equal(await letters(), "AAAAAAAAAA");
    const id = await someoneHolds(box, watching);
    box.clock.advance(SECOND_MS);
    const after = await look("seats", tagOf(before));
    assert.deepEqual([after.status, after.body.seats[0].status], [200, "HELD"]);
    assert.notEqual(tagOf(after), tagOf(before));
    assert.equal(await letters(), "HAAAAAAAAA");
    box.clock.advance(4 * SECOND_MS);
    assert.equal(await letters(), "AAAAAAAAAA", "a hold that has lapsed");
    assert.equal(tagOf(await look("seats")), tagOf(before), "the same seats have the same version");
    const [buyer, held] = [newFan("buyer"), Promise.withResolvers<string[]>()];
    held.resolve(
      await holdSeats(box, buyer, await box.join(buyer), watching.sale, [
        watching.date.seatIds[1]!,
      ]),
    );
    await charge(box, buyer, 10_000);
    assert.equal((await pay(box, buyer, await held.promise)).status, 201);
    box.clock.advance(SECOND_MS);
    assert.equal(await letters(), "ASAAAAAAAA");
    assert.match(id, /^rsv_/);
  });

  test("the answer of a hold tells the time by which older statuses are known", async (open) => {
    const box = await open();
    const { fan, place, sale, date, look } = await watcher(box);
    const before = await look("seat-statuses");
    box.clock.advance(10);
    const { body } = await box.call("POST", "/v1/reservations", {
      fan,
      place,
      json: { concertId: sale.concertId, scheduleId: date.scheduleId, seatIds: [date.seatIds[0]] },
    });
    const old = await look("seat-statuses");
    assert.equal(old.body.takenAt, before.body.takenAt);
    assert.ok(old.body.takenAt < body.takenAt, "the fan lays the hold over these");
    assert.equal(old.body.statuses[0], "A");
    box.clock.advance(SECOND_MS);
    const now = await look("seat-statuses", tagOf(old));
    assert.ok(now.body.takenAt >= body.takenAt);
    assert.equal(now.body.statuses[0], "H");
  });

  test("the operator's changes show in the next answer", async (open) => {
    const box = await open();
    const { sale, date, look, letters } = await watcher(box);
    const first = await look("seat-map");
    const seats = `/v1/admin/concerts/${sale.concertId}/schedules/${date.scheduleId}/seats`;
    const change = (json: unknown) =>
      box.call("PATCH", `${seats}/${date.seatIds[0]}`, { operator: true, json });
    assert.equal((await change({ status: "BLOCKED" })).status, 200);
    assert.equal(await letters(), "SAAAAAAAAA");
    assert.equal((await look("seat-map", tagOf(first))).status, 304);
    assert.equal((await change({ price: 777 })).status, 200);
    const priced = await look("seat-map", tagOf(first));
    assert.deepEqual([priced.status, priced.body.seats[0].at(-1)], [200, 777]);
    assert.equal((await look("seats")).body.seats[0].price, 777);
    const json = { seats: [{ price: 5, section: "New" }] };
    assert.equal((await box.call("POST", seats, { operator: true, json })).status, 201);
    assert.equal((await look("seat-map")).body.seats.length, 11);
    assert.equal(await letters(), "SAAAAAAAAAA");
    assert.equal(await letters("?section=New"), "A");
    assert.equal((await look("seats")).body.seats.length, 11);
  });

  test("what the operator withdraws or puts off is shown no longer", async (open) => {
    const box = await open();
    for (const code of ["CONCERT_NOT_FOUND", "SALE_NOT_OPEN"]) {
      const { sale, date, look } = await watcher(box);
      const tags = new Map<View, string>();
      for (const view of VIEWS) tags.set(view, tagOf(await look(view)));
      const later = new Date(box.clock() + 60 * SECOND_MS).toISOString();
      const schedules = [{ scheduleId: date.scheduleId, reservationAvailableAt: later }];
      const json = code === "SALE_NOT_OPEN" ? { schedules } : { status: "WITHDRAWN" };
      await box.call("PATCH", `/v1/admin/concerts/${sale.concertId}`, { operator: true, json });
      for (const view of VIEWS) assert.equal((await look(view, tags.get(view)!)).body?.code, code);
    }
  });

  test("statuses do not outlive the end of the sale", async (open) => {
    const box = await open();
    const { sale, date, look } = await watcher(box);
    const salesEndAt = new Date(box.clock() + 300).toISOString();
    const schedules = [{ scheduleId: date.scheduleId, salesEndAt }];
    const path = `/v1/admin/concerts/${sale.concertId}`;
    assert.equal(
      (await box.call("PATCH", path, { operator: true, json: { schedules } })).status,
      200,
    );
    box.clock.advance(299);
    for (const view of VIEWS) assert.equal((await look(view)).status, 200);
    box.clock.advance(1);
    for (const view of VIEWS) assert.equal((await look(view)).body.code, "SALE_CLOSED");
  });

  test("If-None-Match takes lists, strong tags and any", async (open) => {
    const { look } = await watcher(await open());
    const tag = tagOf(await look("seats"));
    for (const known of [`"other", ${tag}`, tag.slice("W/".length), "*", ` ${tag} `]) {
      assert.equal((await look("seats", known)).status, 304, known);
    }
    for (const known of ['"other"', "", tag.slice('W/"'.length, -1), '""']) {
      assert.equal((await look("seats", known)).status, 200, known);
    }
  });

  test("what is kept of one date says nothing of another", async (open) => {
    const box = await open();
    const { look, sale, date } = await watcher(box);
    for (const view of VIEWS) await look(view);
    const other = await putOnSale(box);
    const { scheduleId } = other.schedules[0]!;
    for (const view of VIEWS) {
      const tag = tagOf(await look(view));
      const paths = [
        `/v1/concerts/${other.concertId}/schedules/${scheduleId}`,
        `/v1/concerts/${other.concertId}/schedules/${date.scheduleId}`,
        `/v1/concerts/${sale.concertId}/schedules/${scheduleId}`,
      ];
      const statuses = [];
      for (const path of paths) statuses.push((await look(view, tag, "", path)).status);
      assert.deepEqual(statuses, [200, 404, 404]);
    }
  });

  test("D2: without a live admission no version helps", async (open) => {
    const box = await open({ ADMISSION_TTL_SECONDS: "60" });
    const { look } = await watcher(box);
    box.clock.advance(59_500);
    for (const view of VIEWS) assert.equal((await look(view, "*")).status, 304);
    box.clock.advance(500);
    for (const view of VIEWS) {
      for (const query of ["", "?section=A"]) {
        const refused = await look(view, "*", query);
        assert.deepEqual([refused.status, refused.body.code], [403, "NOT_ADMITTED"]);
      }
    }
  });
}
