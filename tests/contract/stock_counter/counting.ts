import { deepEqual, equal } from "node:assert/strict";
import type { Sql } from "../../../src/adapters/postgres/sql.ts";
import { MAIN_ROOM, type RoomId } from "../../../src/domain/ids.ts";
import { unchanged } from "../box_office/laws.ts";
import {
  type BoxOffice,
  type ContractTest,
  HOLD_TTL_MS,
  must,
  newFan,
  newRichFan,
  newRoom,
  nth,
  putOnSale,
  rfc3339,
} from "../box_office/office.ts";

const PLENTY = 1000;

/** The same count, by every single seat. */
const BY_SEATS = `
  select least(${PLENTY}, count(*) filter (where not s.sold and not held))::integer as available,
      min(s.held_until) filter (where not s.sold and held) as returns
    from concerts c
    join schedules d using (concert_id)
    join seats s using (schedule_id)
    cross join lateral (select coalesce(s.held_until > $2::text::timestamptz, false)) as live(held)
    where c.room_id = $1::text and c.withdrawn_at is null
      and d.concert_at > $2::text::timestamptz`;

async function bySeats(sql: Sql, room: RoomId, nowMs: number) {
  const [row] = await sql(BY_SEATS, [room, rfc3339(nowMs)]);
  const returns = row?.["returns"] as Date | null;
  const returnsAtMs = returns && new Date(returns).getTime();
  return { available: Number(row?.["available"]), returnsAtMs, asOfMs: nowMs };
}

/** The room's stock, which must be what its seats say. */
async function stockOf({ stockCounter, sql, clock }: BoxOffice, room: RoomId) {
  const stock = await unchanged(sql, () => stockCounter.count(room));
  deepEqual(stock, await bySeats(sql, room, clock.nowMs));
  return [stock?.available, stock?.returnsAtMs];
}

/** What the fans of a room may hope for. */
export function stockCounterContract(test: ContractTest): void {
  test("`count()` of a room that never had a concert is null; of one whose concerts were withdrawn, none", async (office) => {
    const room = await newRoom(office);
    equal(await office.stockCounter.count(room), null);
    equal(await office.stockCounter.count("nowhere" as RoomId), null);
    const [date] = await putOnSale(office, [{ seats: 1 }], room);
    must(await office.catalogue.update(date.concertId, { status: "WITHDRAWN" }, null));
    deepEqual(await stockOf(office, room), [0, null]);
  });

  test("`count()` counts seats neither sold nor held, and returns the next lapse", async (office) => {
    const { clock } = office;
    const room = await newRoom(office);
    const [one, two] = await putOnSale(office, [{ seats: 2 }, { seats: 1 }], room);
    deepEqual(await stockOf(office, room), [3, null]);
    const fan = await newRichFan(office, room);
    const first = await fan.holdOne(one, nth(one.seatIds, 0));
    const firstEndsMs = clock.nowMs + HOLD_TTL_MS;
    clock.nowMs += 1000;
    const second = await fan.holdOne(one, nth(one.seatIds, 1));
    deepEqual(await stockOf(office, room), [1, firstEndsMs]);
    await newFan(office, room).holdOne(two, nth(two.seatIds, 0));
    deepEqual(await stockOf(office, room), [0, firstEndsMs]);
    must(await fan.pay([first]));
    deepEqual(await stockOf(office, room), [0, firstEndsMs + 1000]);
    must(await fan.cancel(second));
    deepEqual(await stockOf(office, room), [1, firstEndsMs + 1000]);
    clock.nowMs = firstEndsMs + 999;
    deepEqual(await stockOf(office, room), [1, firstEndsMs + 1000]);
    clock.nowMs += 1;
    // The hold has lapsed, swept or not.
    deepEqual(await stockOf(office, room), [2, null]);
    const third = await fan.holdOne(one, nth(one.seatIds, 1));
    deepEqual(await stockOf(office, room), [1, clock.nowMs + HOLD_TTL_MS]);
    must(await fan.cancel(third));
    must(await fan.pay(must(await fan.hold(one, one.seatIds.slice(1)))));
    must(await fan.pay(must(await fan.hold(two, two.seatIds))));
    deepEqual(await stockOf(office, room), [0, null]);
  });

  test("`count()` is that of the room's own concerts, the withdrawn ones left out", async (office) => {
    const [room, other] = [await newRoom(office), await newRoom(office)];
    const [mine] = await putOnSale(office, [{ seats: 3 }], room);
    const [gone] = await putOnSale(office, [{ seats: 4 }], room);
    const [theirs] = await putOnSale(office, [{ seats: 5 }], other);
    await newFan(office, room).holdOne(gone, nth(gone.seatIds, 0));
    await newFan(office, other).holdOne(theirs, nth(theirs.seatIds, 0));
    const endsMs = office.clock.nowMs + HOLD_TTL_MS;
    deepEqual(await stockOf(office, room), [6, endsMs]);
    must(await office.catalogue.update(gone.concertId, { status: "WITHDRAWN" }, null));
    deepEqual(await stockOf(office, room), [3, null]);
    deepEqual(await stockOf(office, other), [4, endsMs]);
    must(await office.catalogue.update(theirs.concertId, { room }, null));
    deepEqual(await stockOf(office, room), [7, endsMs]);
    // Its only concert has left, so it has no seat to admit for.
    deepEqual(await stockOf(office, other), [0, null]);
    must(await office.catalogue.update(mine.concertId, { room: MAIN_ROOM }, null));
    deepEqual(await stockOf(office, room), [4, endsMs]);
  });

  test("`count()` of a room to which a concert came and from which it went is none", async (office) => {
    const [from, through, to] = [
      await newRoom(office),
      await newRoom(office),
      await newRoom(office),
    ];
    const [date] = await putOnSale(office, [{ seats: 2 }], from);
    for (const room of [through, to]) {
      equal(await office.stockCounter.count(room), null);
      must(await office.catalogue.update(date.concertId, { room }, null));
      deepEqual(await stockOf(office, room), [2, null]);
    }
    for (const room of [from, through]) deepEqual(await stockOf(office, room), [0, null]);
  });

  test("`count()` leaves out what has ended, and holds of it", async (office) => {
    const room = await newRoom(office);
    const [date] = await putOnSale(office, [{ seats: 3 }], room);
    const found = await office.catalogue.get(date.concertId);
    const endsMs = Date.parse(found!.schedules[0]!.concertAt);
    office.clock.nowMs = endsMs - 1;
    await newFan(office, room).holdOne(date, nth(date.seatIds, 0));
    deepEqual(await stockOf(office, room), [2, office.clock.nowMs + HOLD_TTL_MS]);
    office.clock.nowMs = endsMs;
    deepEqual(await stockOf(office, room), [0, null]);
  });

  test("`count()` counts the seats of a date whose sale is still to open", async (office) => {
    const room = await newRoom(office);
    await putOnSale(office, [{ seats: 2, opensInMs: 60_000 }], room);
    deepEqual(await stockOf(office, room), [2, null]);
  });

  test("`count()` stops at plenty, with any number of holds", async (office) => {
    const [room, other] = [await newRoom(office), await newRoom(office)];
    const [large] = await putOnSale(office, [{ seats: PLENTY }], room);
    const [small] = await putOnSale(office, [{ seats: 3 }], room);
    const [theirs] = await putOnSale(office, [{ seats: 9 }], other);
    deepEqual(await stockOf(office, room), [PLENTY, null]);
    // Only a closer look shows that these are not of the room.
    must(await newFan(office, other).hold(theirs, theirs.seatIds, { seatLimit: 9 }));
    deepEqual(await stockOf(office, room), [PLENTY, null]);
    office.clock.nowMs += 1;
    const endsMs = office.clock.nowMs + HOLD_TTL_MS;
    const fan = newFan(office, room);
    for (const [taken, available] of [PLENTY, PLENTY, PLENTY, PLENTY - 1].entries()) {
      await fan.holdOne(large, nth(large.seatIds, taken));
      deepEqual(await stockOf(office, room), [available, endsMs]);
      office.clock.nowMs += 1;
    }
    must(await newFan(office, room).hold(small, small.seatIds));
    deepEqual(await stockOf(office, room), [PLENTY - 4, endsMs]);
    await putOnSale(office, [{ seats: 100 }], room);
    deepEqual(await stockOf(office, room), [PLENTY, endsMs]);
  });
}
