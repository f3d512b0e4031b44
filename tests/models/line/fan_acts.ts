import type { EndCause, QueueToken } from "../../../src/domain/queue.ts";
import { chosen } from "../histories.ts";
import { type Acts, FANS, type SentAct } from "./acts.ts";
import { placeOf } from "./epoch.ts";
import { type Fan, newFan } from "./fans.ts";
import { leave } from "./leaving.ts";
import { join, poll, send, type World } from "./world.ts";

const CAUSES: readonly EndCause[] = ["PAID", "LEFT", "REMOVED"];

type FanActs = Pick<
  Acts,
  "join" | "all join" | "crowd" | "poll" | "poll any token" | "leave" | "end" | "mood"
>;

/** What becomes of fans besides the calls that they are told to make. */
export function fanActs(world: World): FanActs {
  const { fans, tokens, line, queue } = world;
  let crowd = 0;

  return {
    join: (sent) => joins(world, sent.fan, sent.bringsToken, sent),
    async "all join"(sent) {
      for (const [i] of FANS.entries()) await joins(world, sent.from + FANS.length - i, true, sent);
    },
    /** Fans who join and never call again. */
    async crowd({ fans: size, isolate }) {
      for (let i = 0; i < size; i++) {
        const fan = newFan(`ghost-${++crowd}`, "ABSENT");
        fans.set(fan.name, fan);
        await send(world, fan, isolate, "ANSWERED", (by) => join(world, fan, by, null, false));
      }
    },
    poll: (sent) => polls(world, fanAt(world, sent.fan).token, sent),
    "poll any token": (sent) => polls(world, anyToken(world, sent.token), sent),
    leave: (sent) => leaves(world, sent.fan, sent),
    /** Ends places by tokens of any age. Only admitted fans buy, and they do so by themselves. */
    async end(sent) {
      const refs = sent.tokens.flatMap((number) => chosen(tokens, number) ?? []);
      const cause = world.seats === null ? chosen(CAUSES, sent.because)! : "REMOVED";
      if (refs.length > 0) await queue.endPlaces(refs, cause);
    },
    async mood({ fan: number, mood }) {
      const fan = fanAt(world, number);
      fan.mood = mood;
      fan.nextMs = mood === "ABSENT" ? Infinity : Math.min(fan.nextMs, line.clock() + 1_000);
    },
  };
}

function fanAt({ fans }: World, number: number): Fan {
  return fans.get(chosen(FANS, number)!)!;
}

async function joins(world: World, number: number, brings: boolean, { isolate, fate }: SentAct) {
  const { witness: { epoch }, tokens } = world;
  const fan = fanAt(world, number);
  const old = tokens.findLast((token) => token.fan === fan.name && token.epoch !== epoch?.id);
  const token = brings ? fan.token ?? old ?? null : null;
  await send(world, fan, isolate, fate, (by) => join(world, fan, by, token, fate === "LOST"));
}

async function polls(
  world: World,
  token: QueueToken | null | undefined,
  { isolate, fate }: SentAct,
): Promise<void> {
  if (!token) return;
  const fan = world.fans.get(token.fan)!;
  await send(world, fan, isolate, fate, (by) => poll(world, fan, by, token, fate === "LOST"));
}

/** A token of any age, often of a place that has ended. */
function anyToken({ witness: { epoch }, tokens }: World, number: number): QueueToken | undefined {
  const ended = tokens.filter((token) => epoch && placeOf(epoch, token)?.state === "OVER");
  return chosen(number % 2 === 0 && ended.length > 0 ? ended : tokens, number >> 1);
}

async function leaves(world: World, number: number, { isolate, fate }: SentAct): Promise<void> {
  const fan = fanAt(world, number);
  if (!fan.token || fate === "NEVER") return;
  if (fan.isAdmitted) return await leave(world, fan);
  const token = fan.token;
  await send(world, fan, isolate, fate, async ({ service }) => {
    await service.leave(token);
    fan.token = null;
    fan.nextMs = Infinity;
  });
}
