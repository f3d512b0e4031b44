import { deepEqual, equal, ok } from "node:assert/strict";
import { type ConcertId, MAIN_ROOM } from "../../../src/domain/ids.ts";
import {
  ALEX,
  type BoxOffice,
  type ContractTest,
  must,
  putOnSale,
  rfc3339,
} from "../box_office/office.ts";
import { putLongestOnSale, readBlocks } from "./blocks.ts";

const HOUR_MS = 3_600_000;

async function listed({ catalogue }: BoxOffice, concertId: ConcertId) {
  const { value } = await catalogue.listProgramme(0);
  return value.concerts.find((concert) => concert.concertId === concertId);
}

/** What everybody sees. */
export function programmeContract(test: ContractTest): void {
  test("`listProgramme()` lists dates to come, opened or not, and nothing of seats", async (office) => {
    const { clock } = office;
    const [date, later] = await putOnSale(office, [
      { seats: 1, opensInMs: HOUR_MS, concertInMs: 3 * HOUR_MS },
      { seats: 1, opensInMs: -HOUR_MS, concertInMs: 2 * HOUR_MS },
    ]);
    const schedule = (scheduleId: number, opensInMs: number, concertInMs: number) => ({
      scheduleId,
      concertAt: rfc3339(clock.nowMs + concertInMs),
      reservationAvailableAt: rfc3339(clock.nowMs + opensInMs),
      salesEndAt: rfc3339(clock.nowMs + concertInMs),
    });
    deepEqual(await listed(office, date.concertId), {
      concertId: date.concertId,
      title: "Ode",
      description: "A concert",
      venue: null,
      timeZone: "Asia/Seoul",
      room: MAIN_ROOM,
      schedules: [
        schedule(later.scheduleId, -HOUR_MS, 2 * HOUR_MS),
        schedule(date.scheduleId, HOUR_MS, 3 * HOUR_MS),
      ],
    });
  });

  test("`listProgramme()` drops a date when both it and its sale are over", async (office) => {
    const { catalogue, clock } = office;
    const [date] = await putOnSale(office, [{ seats: 1, concertInMs: 2 * HOUR_MS }]);
    const { concertId, scheduleId } = date;
    const schedules = [{ scheduleId, salesEndAt: rfc3339(clock.nowMs + HOUR_MS) }];
    must(await catalogue.update(concertId, { schedules }, ALEX));
    clock.nowMs += 2 * HOUR_MS - 1;
    ok(await listed(office, date.concertId));
    equal((await catalogue.listProgramme(0)).changesInMs, 1);
    clock.nowMs += 1;
    equal(await listed(office, date.concertId), undefined);
  });

  test("`listProgramme()` has nothing that is withdrawn", async (office) => {
    const { catalogue } = office;
    const [one, other] = await putOnSale(office, [
      { seats: 1, concertInMs: HOUR_MS },
      { seats: 1, concertInMs: HOUR_MS },
    ]);
    const { concertId, scheduleId } = one;
    const changes = { schedules: [{ scheduleId, status: "WITHDRAWN" as const }] };
    must(await catalogue.update(concertId, changes, ALEX));
    const left = (await listed(office, concertId))?.schedules.map((found) => found.scheduleId);
    deepEqual(left, [other.scheduleId]);
    must(await catalogue.update(concertId, { status: "WITHDRAWN" }, ALEX));
    equal(await listed(office, concertId), undefined);
  });

  test("`listProgramme()` has blocks of bounded size, with the most schedules too", async (office) => {
    const ids = await putLongestOnSale(office, 6, 100);
    const found = await readBlocks((block) => office.catalogue.listProgramme(block));
    deepEqual(found.filter((id) => ids.includes(id)), ids);
  });
}
