import { newFan } from "../support/api_box.ts";
import { putOnSale } from "../support/sale.ts";
import { changeRoom, joinRoom, makeRoom } from "../support/room.ts";
import { standInToken } from "../../src/local/stand_in_challenge.ts";
import { type Drill, times } from "./drill.ts";
import type { WatchedBox } from "./watched_box.ts";

const OPERATOR = { operator: true } as const;

const askLine = ({ box }: WatchedBox) => () => times(5, () => box.call("GET", "/v1/queue"));
const askOffice = ({ box }: WatchedBox) => () =>
  times(5, () => box.call("GET", "/v1/admin/concerts", OPERATOR));

/** A store goes away, and comes back. */
function outage(
  store: "redis" | "cache" | "postgres",
  inEach: (watched: WatchedBox) => () => Promise<unknown>,
): Drill {
  return {
    async prepare(watched) {
      const { away } = watched.troubles;
      return {
        inEach: inEach(watched),
        break: async () => away.add(store),
        firesWithin: 6,
        turn: async () => away.delete(store),
        healsWithin: 11,
      };
    },
  };
}

async function listConcerts(watched: WatchedBox) {
  const { box } = watched;
  await putOnSale(box);
  const fan = newFan("a");
  const place = await box.join(fan);
  // The admission goes on: the settings of this drill say so.
  return () => times(3, () => box.call("GET", "/v1/concerts", { fan, place }));
}

/** Drills of what isolates count: stores, the program, credentials. */
export const STORE_DRILLS: Readonly<Record<string, Drill>> = {
  StanchionNotSeen: {
    async prepare({ troubles }) {
      const { token } = troubles;
      return {
        break: async () => troubles.token = "a token that was taken back",
        firesWithin: 3,
        turn: async () => troubles.token = token,
        healsWithin: 1,
      };
    },
  },
  StanchionStoreDown: outage("redis", askLine),
  StanchionStoreFailing: outage("postgres", askOffice),
  StanchionErrors: outage("redis", askLine),
  StanchionCronFails: outage("redis", askLine),
  StanchionStoreSlow: {
    async prepare(watched) {
      return {
        inEach: askOffice(watched),
        break: async () => watched.troubles.postgresTakesMs = 900,
        firesWithin: 12,
        turn: async () => watched.troubles.postgresTakesMs = 0,
        healsWithin: 6,
      };
    },
  },
  StanchionInternalError: {
    async prepare(watched) {
      return {
        inEach: askLine(watched),
        break: async () => watched.troubles.hasBug = true,
        firesWithin: 1,
        turn: async () => watched.troubles.hasBug = false,
        healsWithin: 11,
      };
    },
  },
  StanchionChallengeFails: {
    async prepare({ box, troubles }) {
      const room = await makeRoom(box, { challengeAtJoin: true });
      let tokens = 0;
      const join = () => {
        const challengeToken = standInToken(box.clock(), `t${++tokens}`);
        const json = { room, challengeToken };
        return box.call("POST", "/v1/queue/tokens", { fan: newFan("a"), json });
      };
      return {
        inEach: () => times(4, join),
        break: async () => troubles.challengeIsAway = true,
        firesWithin: 4,
        turn: () => changeRoom(box, room, { challengeAtJoin: false }),
        healsWithin: 6,
      };
    },
  },
  StanchionCacheFailing: {
    settings: { ADMISSION_TTL_SECONDS: "86400" },
    async prepare(watched) {
      const { away } = watched.troubles;
      away.add("cache");
      const list = await listConcerts(watched);
      away.delete("cache");
      return {
        inEach: list,
        break: async () => {
          away.add("cache");
          await watched.box.call("POST", "/v1/admin/concerts", {
            ...OPERATOR,
            json: { title: "", description: "", schedules: [] },
          });
        },
        firesWithin: 8,
        turn: async () => away.delete("cache"),
        healsWithin: 6,
      };
    },
  },
  StanchionFrontOld: {
    async prepare(watched) {
      const { box, troubles: { away } } = watched;
      const room = await makeRoom(box, { capacity: 1, pollMaxSeconds: 3600 });
      const tokens: string[] = [];
      await times(204, async () => {
        tokens.push((await joinRoom(box, room, newFan("f"))).body.token);
      });
      const pollFar = () =>
        times(10, () => box.call("GET", "/v1/queue/tokens/me", { place: tokens.at(-1)! }));
      return {
        inEach: pollFar,
        async break() {
          away.add("redis");
          // While the document is not too old to be used.
          for (let polls = 0; polls < 2; polls++) {
            box.clock.advance(10_000);
            await pollFar();
          }
        },
        firesWithin: 4,
        turn: async () => away.delete("redis"),
        healsWithin: 8,
      };
    },
  },
  StanchionRateLimited: {
    async prepare({ box, troubles }) {
      return {
        inEach: () => times(5, () => box.call("POST", "/v1/queue/tokens", { fan: newFan("a") })),
        break: async () => troubles.mayJoin = false,
        firesWithin: 6,
        turn: async () => troubles.mayJoin = true,
        healsWithin: 6,
      };
    },
  },
  StanchionCredentialsRefused: {
    async prepare({ box }) {
      let key = "of the identity provider";
      const fan = newFan("a");
      const headers = { Authorization: "Bearer of.another.key" };
      return {
        inEach: () =>
          times(
            5,
            () => box.call("GET", "/v1/balance", key === "another" ? { headers } : { fan }),
          ),
        break: async () => key = "another",
        firesWithin: 5,
        turn: async () => key = "of the identity provider",
        healsWithin: 6,
      };
    },
  },
};
