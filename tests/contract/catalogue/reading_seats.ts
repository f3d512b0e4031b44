import { deepEqual, equal } from "node:assert/strict";
import { type ConcertId, type ScheduleId } from "../../../src/domain/ids.ts";
import {
  type BoxOffice,
  type ContractTest,
  type DateOnSale,
  HOLD_TTL_MS,
  MISSING_ID,
  must,
  newFan,
  newRichFan,
  nth,
  PRICE,
  putOnSale,
  refusalOf,
  rfc3339,
  seatsShown,
} from "../box_office/office.ts";

const HOUR_MS = 3_600_000;

async function seatStatuses(office: BoxOffice, date: DateOnSale): Promise<string[]> {
  const { seats } = must(await seatsShown(office, date));
  return seats.map(({ status }) => status);
}

/** What fans see of seats at one moment. */
export function seatReadingContract(test: ContractTest): void {
  test("`seatStatuses()` reads a lapsed hold as AVAILABLE without any sweep", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 3, price: PRICE }]);
    const fan = await newRichFan(office);
    must(await fan.pay([await fan.holdOne(date, nth(date.seatIds, 0))]));
    await newFan(office).holdOne(date, nth(date.seatIds, 1));
    deepEqual(await seatStatuses(office, date), ["SOLD", "HELD", "AVAILABLE"]);
    office.clock.nowMs += HOLD_TTL_MS - 1;
    deepEqual(await seatStatuses(office, date), ["SOLD", "HELD", "AVAILABLE"]);
    office.clock.nowMs += 1;
    deepEqual(await seatStatuses(office, date), ["SOLD", "AVAILABLE", "AVAILABLE"]);
  });

  test("`seatStatuses()` has the time of its moment, and the version of the map", async (office) => {
    const { catalogue, clock } = office;
    const [date] = await putOnSale(office, [{ seats: 3 }]);
    const taken = async () => must(await catalogue.seatStatuses(date)).value;
    const first = await taken();
    deepEqual([first.takenAt, first.statuses], [rfc3339(clock.nowMs), "AAA"]);
    equal(first.mapVersion, (await catalogue.seatMap(date, null))!.mapVersion);
    clock.nowMs += 5;
    await newFan(office).holdOne(date, nth(date.seatIds, 1));
    const second = await taken();
    deepEqual([second.takenAt, second.statuses], [rfc3339(clock.nowMs), "AHA"]);
    equal(second.mapVersion, first.mapVersion);
  });

  test("a map has another version once seats are added or a price changes", async (office) => {
    const { catalogue, seating } = office;
    const [date] = await putOnSale(office, [{ seats: 2, price: PRICE }]);
    const version = async () => (await catalogue.seatMap(date, null))!.mapVersion;
    const versions = [await version()];
    must(await seating.changeSeat(date, nth(date.seatIds, 0), { price: PRICE + 1 }, null));
    versions.push(await version());
    const seat = { price: PRICE, section: "B", row: null, x: null, y: null };
    must(await seating.addSeats(date, [seat], { dryRun: false }, null));
    versions.push(await version());
    equal(new Set(versions).size, 3);
    must(await seating.changeSeat(date, nth(date.seatIds, 0), { price: PRICE + 1 }, null));
    must(await seating.changeSeat(date, nth(date.seatIds, 0), { status: "BLOCKED" }, null));
    must(await seating.addSeats(date, [seat], { dryRun: true }, null));
    await newFan(office).holdOne(date, nth(date.seatIds, 1));
    equal(await version(), versions[2]);
    equal(must(await catalogue.seatStatuses(date)).value.statuses, "SHA");
  });

  test("`seatMap()` of a section has its seats, and their places among all", async (office) => {
    const { catalogue, clock } = office;
    const sections = ["A", "B", "B", "A", "A", null];
    const { concertId, schedules } = must(
      await catalogue.create({
        title: "Ode",
        description: "",
        venue: null,
        timeZone: "UTC",
        schedules: [{
          concertAt: rfc3339(clock.nowMs + HOUR_MS),
          reservationAvailableAt: rfc3339(clock.nowMs),
          seats: sections.map((section) => ({ price: 0, section, row: null, x: null, y: null })),
        }],
      }, null),
    );
    const date = { concertId, scheduleId: nth(schedules, 0).scheduleId };
    const all = (await catalogue.seatMap(date, null))!;
    deepEqual(all.runs, [0, 6]);
    const found = async (section: string) => {
      const { mapVersion, runs, rows } = (await catalogue.seatMap(date, section))!;
      equal(mapVersion, all.mapVersion);
      return [runs, rows.map(([, number]) => number)];
    };
    deepEqual(await found("A"), [[0, 1, 3, 2], [1, 4, 5]]);
    deepEqual(await found("B"), [[1, 2], [2, 3]]);
    deepEqual(await found("C"), [[], []]);
    equal(await catalogue.seatMap({ ...date, concertId: MISSING_ID as ConcertId }, null), null);
  });

  test("`seatStatuses()` is refused before the opening, to the millisecond", async (office) => {
    const { catalogue, clock } = office;
    const [date] = await putOnSale(office, [{ seats: 1, opensInMs: 1000 }]);
    const opensAt = rfc3339(clock.nowMs + 1000);
    clock.nowMs += 999;
    deepEqual(refusalOf(await catalogue.seatStatuses(date)), {
      kind: "SALE_NOT_OPEN",
      opensAt,
    });
    clock.nowMs += 1;
    deepEqual(await seatStatuses(office, date), ["AVAILABLE"]);
  });

  test("`seatStatuses()` knows no missing, foreign or withdrawn date", async (office) => {
    const { catalogue } = office;
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const [foreign] = await putOnSale(office, [{ seats: 1 }]);
    const refusal = async (concertId: ConcertId, scheduleId: ScheduleId) =>
      refusalOf(await catalogue.seatStatuses({ concertId, scheduleId })).kind;
    equal(await refusal(MISSING_ID as ConcertId, date.scheduleId), "CONCERT_NOT_FOUND");
    equal(await refusal(date.concertId, MISSING_ID as ScheduleId), "SCHEDULE_NOT_FOUND");
    equal(await refusal(date.concertId, foreign.scheduleId), "SCHEDULE_NOT_FOUND");
    must(await catalogue.update(date.concertId, { status: "WITHDRAWN" }, null));
    equal(await refusal(date.concertId, date.scheduleId), "CONCERT_NOT_FOUND");
  });
}
