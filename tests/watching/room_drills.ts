import { newFan } from "../support/api_box.ts";
import { changeRoom, joinRoom, makeRoom, states } from "../support/room.ts";
import { holdSeats, pay, putOnSale } from "../support/sale.ts";
import { type Drill, times } from "./drill.ts";
import type { WatchedBox } from "./watched_box.ts";

const OPERATOR = { operator: true } as const;

/** Fans of a room who poll every minute. */
async function lineOf({ box }: WatchedBox, room: string, fans: number) {
  const places: string[] = [];
  await times(fans, async () => {
    places.push((await joinRoom(box, room, newFan("f"))).body.token);
  });
  return { places, poll: () => states(box, places) };
}

const leave = ({ box }: WatchedBox, places: readonly string[]) =>
  times(
    places.length,
    (index) => box.call("DELETE", "/v1/queue/tokens/me", { place: places[index]! }),
  );

/** Drills of what a room shows. */
export const ROOM_DRILLS: Readonly<Record<string, Drill>> = {
  StanchionCronStopped: {
    async prepare(watched) {
      const { poll } = await lineOf(watched, await makeRoom(watched.box), 2);
      return {
        inEach: poll,
        break: async () => watched.troubles.cronRuns = false,
        firesWithin: 7,
        turn: async () => watched.troubles.cronRuns = true,
        healsWithin: 1,
      };
    },
  },
  StanchionLineStuck: {
    async prepare(watched) {
      const { box } = watched;
      const room = await makeRoom(box, { capacity: 2, admissionTtlSeconds: 3600 });
      let last = await lineOf(watched, room, 2);
      const behind = await lineOf(watched, room, 20);
      let slots = 2;
      let turns = 0;
      return {
        /** Fans who shop for a minute make room for others, until nobody leaves any more. */
        async inEach() {
          await behind.poll();
          if (slots === 0) return;
          await leave(watched, last.places.slice(0, 1));
          last = { ...last, places: [...last.places.slice(1), behind.places[turns++]!] };
        },
        break: async () => slots = 0,
        firesWithin: 16,
        turn: () => changeRoom(box, room, { capacity: 10 }),
        healsWithin: 1,
      };
    },
  },
  StanchionRoomHeld: {
    async prepare(watched) {
      const room = await makeRoom(watched.box, { capacity: 1, admissionTtlSeconds: 7200 });
      const { poll } = await lineOf(watched, room, 2);
      return {
        inEach: poll,
        break: () => changeRoom(watched.box, room, { state: "HELD" }),
        firesWithin: 16,
        turn: () => changeRoom(watched.box, room, { state: "OPEN" }),
        healsWithin: 1,
      };
    },
  },
  StanchionNoShows: {
    async prepare(watched) {
      const { box } = watched;
      const room = await makeRoom(box, { capacity: 20, pollMaxSeconds: 60 });
      const first = await lineOf(watched, room, 20);
      const absent = await lineOf(watched, room, 20);
      const behind = await lineOf(watched, room, 5);
      let arePresent = true;
      return {
        partsOfMinute: 4,
        async inEach() {
          if (arePresent) await absent.poll();
          await behind.poll();
        },
        break: async () => {
          arePresent = false;
          await leave(watched, first.places);
        },
        firesWithin: 6,
        async turn() {
          arePresent = true;
          await changeRoom(box, room, { capacity: 30 });
        },
        healsWithin: 12,
      };
    },
  },
  StanchionWaitsWrong: {
    async prepare(watched) {
      const { box } = watched;
      const polls = { pollMinSeconds: 60, pollMaxSeconds: 60 };
      const room = await makeRoom(box, { capacity: 5, admissionTtlSeconds: 7200, ...polls });
      const { places, poll } = await lineOf(watched, room, 70);
      let inside = 0;
      let isSlow = false;
      let minute = 0;
      return {
        async inEach() {
          minute++;
          await poll();
          const leaving = isSlow ? (minute % 4 === 0 ? 1 : 0) : 5;
          await leave(watched, places.slice(inside, inside += leaving));
        },
        break: async () => isSlow = true,
        firesWithin: 45,
        turn: () => changeRoom(box, room, { capacity: 200 }),
        healsWithin: 70,
      };
    },
  },
  StanchionSoldOut: {
    async prepare(watched) {
      const { box } = watched;
      const room = await makeRoom(box, { capacity: 1, admissionTtlSeconds: 3600 });
      const sale = await putOnSale(box, { dates: [2], price: 0, room });
      const { scheduleId, seatIds } = sale.schedules[0]!;
      const buyer = newFan("buyer");
      const place = (await joinRoom(box, room, buyer)).body.token;
      const { poll } = await lineOf(watched, room, 2);
      return {
        inEach: poll,
        async break() {
          const held = await holdSeats(box, buyer, place, sale, seatIds);
          return await pay(box, buyer, held);
        },
        firesWithin: 4,
        turn: () =>
          box.call("POST", `/v1/admin/concerts/${sale.concertId}/schedules/${scheduleId}/seats`, {
            ...OPERATOR,
            json: { seats: [{ price: 0 }, { price: 0 }] },
          }),
        healsWithin: 2,
      };
    },
  },
  StanchionHoldsLapse: {
    async prepare(watched) {
      const { box } = watched;
      const room = await makeRoom(box, { admissionTtlSeconds: 7200 });
      const sale = await putOnSale(box, { dates: [12], price: 0, room });
      const fans = await Promise.all(Array.from({ length: 3 }, async () => {
        const fan = newFan("a");
        return { fan, place: (await joinRoom(box, room, fan)).body.token as string };
      }));
      const holdAll = () =>
        Promise.all(fans.map(({ fan, place }, index) =>
          holdSeats(
            box,
            fan,
            place,
            sale,
            sale.schedules[0]!.seatIds.slice(4 * index, 4 * index + 4),
          )
        ));
      return {
        break: holdAll,
        firesWithin: 9,
        async turn() {
          await changeRoom(box, room, { holdTtlSeconds: 1800 });
          const held = await holdAll();
          await times(fans.length, (index) => pay(box, fans[index]!.fan, held[index]!));
        },
        healsWithin: 1,
      };
    },
  },
};
