import { deepEqual, equal } from "node:assert/strict";
import { type ConcertId, MAIN_ROOM } from "../../../src/domain/ids.ts";
import {
  type BoxOffice,
  type ContractTest,
  type DateOnSale,
  MISSING_ID,
  must,
  newFan,
  newRoom,
  nth,
  putOnSale,
  refusalOf,
  rfc3339,
  seatsShown,
} from "../box_office/office.ts";
import { putLongestOnSale, readBlocks } from "./blocks.ts";

const HOUR_MS = 3_600_000;
/** Every opening that any of these tests sets is nearer than this. */
const BEYOND_ALL_OPENINGS_MS = 20 * 365 * 24 * HOUR_MS;

async function isListed({ catalogue }: BoxOffice, { concertId }: DateOnSale): Promise<boolean> {
  const { value } = await catalogue.listOnSale(0);
  return value.concerts.some((concert) => concert.concertId === concertId);
}

/** What fans see. */
export function readingContract(test: ContractTest): void {
  test("`listOnSale()` lists a concert from its first opening on", async (office) => {
    const { catalogue, clock } = office;
    const [date] = await putOnSale(office, [
      { seats: 1, opensInMs: 1500 },
      { seats: 1, opensInMs: HOUR_MS },
    ]);
    equal(await isListed(office, date), false);
    equal((await catalogue.listOnSale(0)).changesInMs, 1500);
    clock.nowMs += 1499;
    equal(await isListed(office, date), false);
    equal((await catalogue.listOnSale(0)).changesInMs, 1);
    clock.nowMs += 1;
    const { value } = await catalogue.listOnSale(0);
    deepEqual(value.concerts.filter(({ concertId }) => concertId === date.concertId), [{
      concertId: date.concertId,
      title: "Ode",
      description: "A concert",
      venue: null,
      timeZone: "Asia/Seoul",
      room: MAIN_ROOM,
    }]);
  });

  test("`listOnSale()` awaits no change when no opening and no end is to come", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1, opensInMs: HOUR_MS }]);
    office.clock.nowMs += BEYOND_ALL_OPENINGS_MS;
    equal((await office.catalogue.listOnSale(0)).changesInMs, null);
    equal(await isListed(office, date), false);
  });

  test("the sale of a date ends at `salesEndAt`, and no value outlives it", async (office) => {
    const { catalogue, clock } = office;
    const [date] = await putOnSale(office, [{ seats: 2, concertInMs: HOUR_MS }]);
    const fan = newFan(office);
    const held = await fan.holdOne(date, nth(date.seatIds, 0));
    clock.nowMs += HOUR_MS - 1;
    equal(await isListed(office, date), true);
    equal((await catalogue.listSchedules(date.concertId))?.changesInMs, 1);
    clock.nowMs += 1;
    equal(await isListed(office, date), false);
    const [schedule] = (await catalogue.listSchedules(date.concertId))!.value.schedules;
    equal(schedule?.status, "ENDED");
    const closed = { kind: "SALE_CLOSED", closedAt: rfc3339(clock.nowMs) };
    deepEqual(refusalOf(await catalogue.seatStatuses(date)), closed);
    deepEqual(refusalOf(await fan.hold(date, [nth(date.seatIds, 1)])), closed);
    equal((await catalogue.get(date.concertId))?.status, "ENDED");
    equal(held.status, "HELD");
  });

  test("`listOnSale()` has blocks of bounded size, and each concert in one of them", async (office) => {
    const { catalogue } = office;
    const ids = await putLongestOnSale(office, 20, 1);
    const listed = await readBlocks((block) => catalogue.listOnSale(block));
    deepEqual(listed, (await catalogue.idsOnSale()).toSorted((a, b) => a - b));
    deepEqual(listed.slice(-20), ids);
    for (const id of ids) must(await catalogue.update(id, { status: "WITHDRAWN" }, null));
  });

  test("`listOnSale()` drops a withdrawn concert", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    equal(await isListed(office, date), true);
    must(await office.catalogue.update(date.concertId, { status: "WITHDRAWN" }, null));
    equal(await isListed(office, date), false);
  });

  test("`listSchedules()` lists opened dates in the order they play", async (office) => {
    const { catalogue, clock } = office;
    const startedMs = clock.nowMs;
    const [late, early, closed] = await putOnSale(office, [
      { seats: 1, concertInMs: 3 * HOUR_MS },
      { seats: 1, concertInMs: 2 * HOUR_MS },
      { seats: 1, concertInMs: 4 * HOUR_MS, opensInMs: 60_000 },
    ]);
    const expected = (date: DateOnSale, concertInMs: number, opensInMs: number) => ({
      scheduleId: date.scheduleId,
      concertAt: rfc3339(startedMs + concertInMs),
      reservationAvailableAt: rfc3339(startedMs + opensInMs),
      salesEndAt: rfc3339(startedMs + concertInMs),
      status: "ON_SALE",
    });
    const opened = [
      expected(early, 2 * HOUR_MS, -60_000),
      expected(late, 3 * HOUR_MS, -60_000),
    ];
    deepEqual(await catalogue.listSchedules(late.concertId), {
      value: { room: MAIN_ROOM, schedules: opened },
      changesInMs: 60_000,
    });
    clock.nowMs += 60_000;
    deepEqual(await catalogue.listSchedules(late.concertId), {
      value: { room: MAIN_ROOM, schedules: [...opened, expected(closed, 4 * HOUR_MS, 60_000)] },
      changesInMs: 2 * HOUR_MS - 60_000,
    });
  });

  test("`listSchedules()` before the first opening is an empty list, not null", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1, opensInMs: 5000 }]);
    deepEqual(await office.catalogue.listSchedules(date.concertId), {
      value: { room: MAIN_ROOM, schedules: [] },
      changesInMs: 5000,
    });
  });

  test("`listSchedules()` of a missing or withdrawn concert is null", async (office) => {
    const { catalogue } = office;
    equal(await catalogue.listSchedules(MISSING_ID as ConcertId), null);
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    must(await catalogue.update(date.concertId, { status: "WITHDRAWN" }, null));
    equal(await catalogue.listSchedules(date.concertId), null);
  });

  test("`seatMap()` tells place, price and status of each seat by number", async (office) => {
    const { catalogue, clock } = office;
    const { concertId, schedules } = must(
      await catalogue.create({
        title: "Ode",
        description: "",
        venue: null,
        timeZone: "UTC",
        schedules: [{
          concertAt: rfc3339(clock.nowMs + HOUR_MS),
          reservationAvailableAt: rfc3339(clock.nowMs),
          seats: [
            { seatNumber: 12, price: 0, section: null, row: null, x: null, y: null },
            { seatNumber: 2, price: 500, section: "Parkett", row: "B", x: 0.25, y: -3 },
          ],
        }],
      }, null),
    );
    const { scheduleId, seats } = nth(schedules, 0);
    const shown = must(await seatsShown(office, { concertId, scheduleId }));
    deepEqual([shown.endsInMs, shown.concertAt], [HOUR_MS, rfc3339(clock.nowMs + HOUR_MS)]);
    deepEqual(shown.seats, [
      {
        seatId: nth(seats, 1).seatId,
        seatNumber: 2,
        label: "2",
        section: "Parkett",
        row: "B",
        x: 0.25,
        y: -3,
        price: 500,
        status: "AVAILABLE",
      },
      {
        seatId: nth(seats, 0).seatId,
        seatNumber: 12,
        label: "12",
        section: null,
        row: null,
        x: null,
        y: null,
        price: 0,
        status: "AVAILABLE",
      },
    ]);
  });

  test("dates and seats are returned with the room of their concert", async (office) => {
    const { catalogue } = office;
    const room = await newRoom(office);
    const [date] = await putOnSale(office, [{ seats: 1 }], room);
    const roomsFound = async () => [
      (await catalogue.listSchedules(date.concertId))?.value.room,
      must(await catalogue.seatStatuses(date)).value.room,
    ];
    deepEqual(await roomsFound(), [room, room]);
    must(await catalogue.update(date.concertId, { room: MAIN_ROOM }, null));
    deepEqual(await roomsFound(), [MAIN_ROOM, MAIN_ROOM]);
  });
}
