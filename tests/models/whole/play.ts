import { chosen } from "../histories.ts";
import type { Act, SentAct, WholeHistory } from "./acts.ts";
import { everythingEndsWell } from "./closing.ts";
import { moves } from "./moves.ts";
import { actsOnSale, changesRoom, promotes, registers, removes } from "./operator.ts";
import { pries } from "./prying.ts";
import { deletesRoom, erases, makesRoom, roomToMake } from "./room_operator.ts";
import { createTime, runsCron, type Time } from "./time.ts";
import { createWorld, type Stage, type World } from "./world.ts";

type Acts = {
  readonly [Name in Act["act"]]: (
    sent: Extract<SentAct, { readonly act: Name }>,
  ) => Promise<unknown>;
};

/** Looks at the rooms that something has called. */
async function look({ redis: { rooms, line } }: World): Promise<void> {
  line.onFront(() => {});
  for (const { witness, looks } of rooms.values()) {
    if (witness.period.calls > 0) await looks.glance();
  }
}

/** The moments that later acts bring the stores back to. */
interface Saves {
  save(index: number): Promise<void>;
  failOver(index: number): Promise<void>;
  restore(index: number): Promise<void>;
}

function createSaves(world: World, acts: readonly SentAct[]): Saves {
  const moments = new Map<number, () => Promise<void>>();
  const names = new Set<number>();
  const isMeant = (name: Act["act"], index: number) =>
    acts.some((sent, i) =>
      sent.act === name && "losesActs" in sent && Math.max(0, i - sent.losesActs) === index
    );
  return {
    async save(index) {
      if (isMeant("fail redis over", index)) moments.set(index, await world.redis.save());
      if (!isMeant("restore postgres", index)) return;
      await world.office.save(`moment_${index}`);
      names.add(index);
    },
    async failOver(index) {
      await moments.get(index)!();
      world.losses++;
      world.floors.forget();
    },
    async restore(index) {
      // What was remembered later is gone since an earlier restore.
      const there = [...names].filter((one) => one <= index);
      await world.office.restore(`moment_${Math.max(...there)}`);
      for (const one of names) if (one > Math.max(...there)) names.delete(one);
      world.money.forget();
      world.owners.forget();
      for (const { witness } of world.redis.rooms.values()) witness.removed.clear();
      world.entries.clear();
    },
  };
}

function createActs(world: World, time: Time, saves: Saves, indexOf: () => number): Acts {
  const { fans, weather, clock, rooms, isolates } = world;
  const fanAt = (number: number) => chosen(fans, number)!;
  const roomAt = (number: number) => chosen(rooms, number)!.room;
  return {
    move: ({ fan, whim, sending }) => moves(world, fanAt(fan), whim, sending),
    pry: ({ fan, whim, sending }) => pries(world, fanAt(fan), whim, sending),
    async "send again"({ sent: number, sending }) {
      const sent = chosen(world.sent, number);
      if (sent) await world.send(sent, sending);
    },
    async vanish({ fan }) {
      fanAt(fan).isAbsent = true;
      fanAt(fan).nextMs = Infinity;
    },
    pass: ({ ms }) => time.pass(ms),
    async cron({ isTwice, sending }) {
      runsCron(world, sending);
      if (isTwice) runsCron(world, { ...sending, isolate: sending.isolate + 1 });
    },
    async "cron stops"({ ms }) {
      world.cronStopsUntilMs = clock() + ms;
    },
    "change the room": ({ room, change, sending }) =>
      changesRoom(world, roomAt(room), change, sending),
    "delete a room": ({ room, clears, sending }) =>
      deletesRoom(world, roomToMake(world, room), clears, sending),
    "make a room": ({ room, isLobby, sending }) =>
      makesRoom(world, roomToMake(world, room), isLobby, sending),
    erase: ({ fan, isPrepared, sending }) => erases(world, fanAt(fan), isPrepared, sending),
    promote: ({ room, count, sending }) => promotes(world, roomAt(room), count, sending),
    remove: ({ fan, sending }) => removes(world, fanAt(fan), sending),
    sale: (sent) => actsOnSale(world, sent, sent.sending),
    "register a webhook": ({ sending }) => registers(world, sending),
    async away({ wire, ms }) {
      world.tell(() => `The ${wire} is away for ${ms / 1000} s.`);
      weather.awayUntilMs[wire] = clock() + ms;
    },
    async "short of memory"({ ms }) {
      world.tell(() => `Redis is short of memory for ${ms / 1000} s.`);
      weather.shortOfMemoryUntilMs = clock() + ms;
    },
    async "receivers hang"({ ms }) {
      weather.hangUntilMs = clock() + ms;
    },
    async "wipe redis"() {
      world.tell(() => "Redis forgets everything.");
      await world.redis.wipe();
    },
    async "fail redis over"({ losesActs }) {
      world.tell(() => `Redis is failed over, and ${losesActs} acts are lost.`);
      await saves.failOver(Math.max(0, indexOf() - losesActs));
    },
    async "restore postgres"({ losesActs }) {
      world.tell(() => `PostgreSQL is restored to ${losesActs} acts ago.`);
      await saves.restore(Math.max(0, indexOf() - losesActs));
    },
    async restart({ isolate }) {
      world.tell(() => `Isolate ${isolate % isolates.length + 1} is restarted.`);
      world.restart(isolate % isolates.length);
    },
  };
}

/** Plays one history from its beginning to its end. */
export async function playWhole(stage: Stage, history: WholeHistory): Promise<void> {
  const { database } = stage;
  await database.begin();
  try {
    const world = await createWorld(stage, history);
    const { scheduler } = world;
    try {
      await play(world);
    } finally {
      stage.counts.steps += scheduler.steps;
      stage.counts.faults += scheduler.faults;
    }
  } finally {
    await database.rollback();
  }
}

async function play(world: World): Promise<void> {
  const { history: { acts }, scheduler } = world;
  await world.office.begin();
  const time = createTime(world, () => look(world));
  const saves = createSaves(world, acts);
  let index = 0;
  const plays = createActs(world, time, saves, () => index);
  for (; index < acts.length; index++) {
    const sent = acts[index]!;
    await saves.save(index);
    await (plays[sent.act] as (sent: SentAct) => Promise<unknown>)(sent);
    const { picks } = sent.sending;
    if (picks === null) await scheduler.drain();
    else for (const pick of picks) await scheduler.step(pick);
    await look(world);
  }
  await everythingEndsWell(world, time, () => look(world));
}
