import { deepEqual, equal } from "node:assert/strict";
import {
  type ConcertId,
  MAIN_ROOM,
  type RoomId,
  type ScheduleId,
} from "../../../src/domain/ids.ts";
import type { Result } from "../../../src/domain/result.ts";
import { deleteMainRoom } from "../../support/room.ts";
import { countOf, unchanged } from "../box_office/laws.ts";
import {
  ALEX,
  type ContractTest,
  FIRST,
  MISSING_ID,
  must,
  newFan,
  newRichFan,
  newRoom,
  putOnSale,
  refusalOf,
} from "../box_office/office.ts";

const PLAIN_SEAT = { section: null, row: null, x: null, y: null };
const NEW_CONCERT = {
  title: "Winterreise",
  description: "Schubert — «D 911»",
  venue: "Kleiner Saal",
  timeZone: "Europe/Vienna",
  schedules: [
    {
      concertAt: "2031-01-02T19:00:00+01:00",
      reservationAvailableAt: "2020-01-01T00:00:00Z",
      seats: [
        { seatNumber: 9, price: 0, section: "A", row: "1", x: 1.5, y: -2 },
        { seatNumber: 3, price: 100_000_000, ...PLAIN_SEAT },
      ],
    },
    {
      concertAt: "2031-01-01T18:00:00.5Z",
      reservationAvailableAt: "2020-01-01T00:00:00Z",
      seats: [{ seatNumber: 1_000_000, price: 1, ...PLAIN_SEAT }],
    },
  ],
};

/** Concerts as their operator makes and sees them. */
export function changingContract(test: ContractTest): void {
  test("`create()` gives dates and seats in the order they came, times in UTC", async (office) => {
    const { catalogue } = office;
    const created = must(await catalogue.create(NEW_CONCERT, null));
    const { title, description, venue, room, timeZone } = created;
    deepEqual({ title, description, venue, room, timeZone }, {
      title: NEW_CONCERT.title,
      description: NEW_CONCERT.description,
      venue: NEW_CONCERT.venue,
      room: MAIN_ROOM,
      timeZone: NEW_CONCERT.timeZone,
    });
    equal(created.status, "ON_SALE");
    deepEqual(
      created.schedules.map(({ concertAt, reservationAvailableAt, status, seats }) => ({
        concertAt,
        reservationAvailableAt,
        status,
        seatNumbers: seats.map(({ seatNumber }) => seatNumber),
      })),
      [{
        concertAt: "2031-01-02T18:00:00.000Z",
        reservationAvailableAt: "2020-01-01T00:00:00.000Z",
        status: "ON_SALE",
        seatNumbers: [9, 3],
      }, {
        concertAt: "2031-01-01T18:00:00.500Z",
        reservationAvailableAt: "2020-01-01T00:00:00.000Z",
        status: "ON_SALE",
        seatNumbers: [1_000_000],
      }],
    );
  });

  test("`create()` leaves nothing of a concert with a seat number twice", async (office) => {
    const twice = { seatNumber: 1, price: 1, ...PLAIN_SEAT };
    const [schedule] = NEW_CONCERT.schedules;
    const broken = { ...NEW_CONCERT, schedules: [{ ...schedule!, seats: [twice, twice] }] };
    const outcome = await unchanged(office.sql, () => office.catalogue.create(broken, ALEX));
    const [path, message] = ["schedules[0].seats[1].seatNumber", "must be unique in its schedule"];
    deepEqual(refusalOf(outcome), { kind: "VALIDATION_FAILED", errors: [{ path, message }] });
  });

  test("`get()` tells the seats left: held ones may come back, sold ones do not", async (office) => {
    const [date, other] = await putOnSale(office, [{ seats: 3 }, { seats: 2 }]);
    const fan = await newRichFan(office);
    must(await fan.pay(must(await fan.hold(date, date.seatIds.slice(0, 2)))));
    must(await newFan(office).hold(date, date.seatIds.slice(2)));
    const concert = await office.catalogue.get(date.concertId);
    equal(concert?.status, "ON_SALE");
    deepEqual(
      concert?.schedules.map(({ scheduleId, seatCount, seatsLeft, status }) => [
        scheduleId,
        seatCount,
        seatsLeft,
        status,
      ]),
      [[date.scheduleId, 3, 1, "ON_SALE"], [other.scheduleId, 2, 2, "ON_SALE"]],
    );
  });

  test("`get()` of a missing concert is null", async ({ catalogue }) => {
    equal(await catalogue.get(MISSING_ID as ConcertId), null);
  });

  test("`update()` changes what it names and nothing else", async ({ catalogue }) => {
    const { concertId } = must(await catalogue.create(NEW_CONCERT, null));
    const before = await catalogue.get(concertId);
    const [first, second] = before?.schedules ?? [];
    const opening = "2030-06-01T00:00:00.000Z";
    const changed = must(
      await catalogue.update(concertId, {
        title: "Die schöne Müllerin",
        venue: null,
        schedules: [{ scheduleId: second!.scheduleId, reservationAvailableAt: opening }],
      }, null),
    );
    deepEqual(changed, {
      ...before,
      title: "Die schöne Müllerin",
      venue: null,
      schedules: [first, { ...second, reservationAvailableAt: opening }],
    });
    deepEqual(await catalogue.get(concertId), changed);
    deepEqual(must(await catalogue.update(concertId, {}, null)), changed);
  });

  test("a concert is put into a room, and moved to another", async (office) => {
    const { catalogue } = office;
    const [here, there] = [await newRoom(office), await newRoom(office)];
    for (const room of [MAIN_ROOM, null, undefined]) {
      equal(must(await catalogue.create({ ...NEW_CONCERT, room }, null)).room, MAIN_ROOM);
    }
    const created = must(await catalogue.create({ ...NEW_CONCERT, room: here }, null));
    equal(created.room, here);
    equal((await catalogue.get(created.concertId))?.room, here);
    const moved = must(await catalogue.update(created.concertId, { room: there }, null));
    equal(moved.room, there);
    equal((await catalogue.get(created.concertId))?.room, there);
    equal(must(await catalogue.update(created.concertId, { title: "Ode" }, null)).room, there);
  });

  test("no concert is in a room that does not exist", async (office) => {
    const room = "nowhere" as RoomId;
    const { concertId } = must(await office.catalogue.create(NEW_CONCERT, null));
    for (
      const act of [
        () => office.catalogue.create({ ...NEW_CONCERT, room }, ALEX),
        () => office.catalogue.update(concertId, { title: "No", room }, ALEX),
      ]
    ) {
      deepEqual(refusalOf(await unchanged<Result<unknown, unknown>>(office.sql, act)), {
        kind: "ROOM_NOT_FOUND",
      });
    }
  });

  test("the first concert in `main` inserts the room with the default settings", async (office) => {
    const { catalogue, rooms } = office;
    const elsewhere = { ...NEW_CONCERT, room: await newRoom(office) };
    for (
      const act of [
        () => catalogue.create(NEW_CONCERT, ALEX),
        async () => {
          const { concertId } = must(await catalogue.create(elsewhere, null));
          return await catalogue.update(concertId, { room: MAIN_ROOM }, ALEX);
        },
      ]
    ) {
      await deleteMainRoom(office.sql);
      equal(must<{ room: RoomId }, unknown>(await act()).room, MAIN_ROOM);
      const stored = "select count(*) from rooms where room_id = 'main'";
      equal(await countOf(office.sql, stored), 1);
      const madeAtMs = office.clock.nowMs;
      const { rules } = await rooms.rules(MAIN_ROOM);
      deepEqual(rules, { ...FIRST, version: 1, madeAtMs, draw: null });
    }
  });

  test("`update()` withdraws, and again the same", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const withdrawn = must(
      await office.catalogue.update(date.concertId, { status: "WITHDRAWN" }, null),
    );
    equal(withdrawn.status, "WITHDRAWN");
    office.clock.nowMs += 1000;
    const again = () => office.catalogue.update(date.concertId, { status: "WITHDRAWN" }, null);
    deepEqual(must(await unchanged(office.sql, again)), withdrawn);
  });

  test("`update()` naming another concert's date changes nothing at all", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const [foreign] = await putOnSale(office, [{ seats: 1 }]);
    for (const scheduleId of [foreign.scheduleId, MISSING_ID as ScheduleId]) {
      const schedules = [date.scheduleId, scheduleId].map((id) => ({
        scheduleId: id,
        reservationAvailableAt: "2030-01-01T00:00:00Z",
      }));
      const outcome = await unchanged(
        office.sql,
        () => office.catalogue.update(date.concertId, { title: "No", schedules }, null),
      );
      deepEqual(refusalOf(outcome), { kind: "SCHEDULE_NOT_FOUND" });
    }
  });

  test("`update()` of a missing concert is refused", async ({ catalogue }) => {
    const outcome = await catalogue.update(MISSING_ID as ConcertId, { title: "No" }, null);
    deepEqual(refusalOf(outcome), { kind: "CONCERT_NOT_FOUND" });
  });

  test("`ping()` is answered", async ({ catalogue }) => {
    equal(await catalogue.ping(), undefined);
  });
}
