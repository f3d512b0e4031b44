import { equal, ok } from "node:assert/strict";
import { MAIN_ROOM } from "../../src/domain/ids.ts";
import type { QueueToken, Standing } from "../../src/domain/queue.ts";
import { FIRST, frontOf, RULES, tokenOfFan, UNMEASURED } from "../support/fronts.ts";
import { withSeed } from "../support/random.ts";
import { frontWorld, requestContext } from "./front_isolates.ts";

const FANS = 60;
const ISOLATES = 8;
const STEPS = 600;
const LEAST_NEAR = 200;
const POLL_SECONDS = [[1, 1], [1, 3], [2, 60]] as const;

interface Poller {
  token: QueueToken;
  /** The last position that was told. */
  ahead: number;
  dueMs: number;
  isOver: boolean;
}

/** A line that moves at random. The queue knows it exactly, and documents lag behind. */
function movingLine(random: () => number, [pollMinSeconds, pollMaxSeconds]: readonly number[]) {
  const rules = { ...RULES, pollMinSeconds: pollMinSeconds!, pollMaxSeconds: pollMaxSeconds! };
  const speed = { ...UNMEASURED, pace: 50 };
  let [called, near] = [FIRST, FIRST + LEAST_NEAR];
  return {
    front: () => frontOf({ called, near, rules, speed }),
    move() {
      if (random() < 0.5) called += Math.floor(random() * 100);
      // The limit is raised now and then, and covers what is called meanwhile.
      if (random() < 0.5 || called > near) near = Math.max(near, called + LEAST_NEAR);
    },
    standing({ order }: QueueToken, nowMs: number): Standing {
      if (order <= called) {
        return { state: "ADMITTED", order, expiresAtMs: nowMs, rules, provenAtMs: nowMs };
      }
      return {
        state: "WAITING",
        order,
        ahead: order - called - 1,
        positionIs: "EXACT",
        isNear: order <= near,
        pollAfterSeconds: pollMinSeconds!,
        expiresAtMs: nowMs,
        provenAtMs: nowMs,
        speed,
        rules,
        seats: "SOME",
        countStock: false,
      };
    },
  };
}

async function follow(random: () => number, bounds: readonly number[]): Promise<void> {
  const world = frontWorld({ random });
  const { clock, store } = world;
  const line = movingLine(random, bounds);
  const isolates = Array.from({ length: ISOLATES }, () => world.isolate());
  const fans: Poller[] = Array.from({ length: FANS }, () => ({
    token: tokenOfFan({ order: FIRST + 1 + Math.floor(random() * 12_000) }),
    ahead: Infinity,
    dueMs: clock(),
    isOver: false,
  }));
  let far = 0;
  for (let step = 0; step < STEPS; step++) {
    line.move();
    store.front = line.front();
    const isolateOfStep = isolates[Math.floor(random() * ISOLATES)]!;
    // A document comes along with the answer to somebody else.
    if (random() < 0.2) {
      isolateOfStep.keptFronts.keep(MAIN_ROOM, { ...line.front(), takenAtMs: clock() });
    }
    for (const fan of fans.filter(({ dueMs, isOver }) => !isOver && dueMs <= clock())) {
      const isolate = isolates[Math.floor(random() * ISOLATES)]!;
      const askedBefore = store.asked.length;
      store.standing = line.standing(fan.token, clock());
      const answer = await isolate.service.status(requestContext(), fan.token);
      const wasAsked = store.asked.length > askedBefore;
      if (fan.token.isNear) ok(wasAsked, "a near token was answered from a document");
      if (answer.state !== "WAITING") {
        equal(answer.state, "ADMITTED");
        ok(wasAsked);
        fan.isOver = true;
        continue;
      }
      ok(answer.ahead! <= fan.ahead, `${answer.ahead} ahead after ${fan.ahead}, step ${step}`);
      if (!wasAsked) far++;
      fan.ahead = answer.ahead!;
      fan.token = answer.newToken ?? fan.token;
      fan.dueMs = clock() + answer.pollAfterSeconds * 1000;
    }
    clock.advance(1 + Math.floor(random() * 400));
  }
  ok(far > FANS, `${far} polls were answered from documents`);
}

for (const bounds of POLL_SECONDS) {
  Deno.test(`a position never rises from isolate to isolate, with polls of ${bounds.join(" to ")} s`, async () => {
    await withSeed("tests/application/positions_test.ts", async (random) => {
      for (let history = 0; history < 15; history++) await follow(random, bounds);
    });
  });
}
