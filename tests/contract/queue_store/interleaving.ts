import type { PlaceRef, Standing } from "../../../src/domain/queue.ts";
import { QUEUE_BOUNDS } from "../../../src/domain/queue_bounds.ts";
import type { RoomState } from "../../../src/domain/room.ts";
import { type ContractTest, MINUTE_MS, type Scene } from "./harness.ts";
import { queueWitness } from "./queue_witness.ts";
import { seededRandom } from "../../support/random.ts";

const SEEDS = [1, 20_300_101];
const FANS = Array.from({ length: 24 }, (_, i) => `fan-${i}`);
const CAPACITY = 3;
/** Every live fan is through after this many turns of leaving and polling. */
const MAX_DRAIN_ROUNDS = 200;
/** Few fans reach these bounds. */
const SMALL = {
  bounds: { promotionBatch: 4, ageingBatch: 3, drawBatch: 3, leastNear: 3, exactAhead: 2 },
  changesRules: true,
};
const USUAL = { bounds: QUEUE_BOUNDS, changesRules: false };
const STATES: readonly RoomState[] = ["CLOSED", "LOBBY", "OPEN", "OPEN", "HELD", "DRAINING"];

function player(line: Scene, random: () => number, changesRules: boolean) {
  const witness = queueWitness(line.settings, line.clock);
  /** Every token ever handed out: dead ones must stay dead. */
  const tokens: PlaceRef[] = [];
  const latest = new Map<string, PlaceRef>();

  function pick<Item>(items: readonly Item[]): Item | undefined {
    return items[Math.floor(random() * items.length)];
  }
  async function join(fan: string): Promise<void> {
    await line.checkRules();
    const joined = await line.tryJoin(fan, latest.get(fan) ?? null);
    if (joined.refused !== undefined) return;
    witness.joined(fan, joined);
    latest.set(fan, joined.place);
    tokens.push(joined.place);
  }
  async function status(place: PlaceRef): Promise<Standing> {
    const standing = await line.queue.status(place);
    witness.answered(place, standing);
    return standing;
  }
  async function end(places: readonly PlaceRef[]): Promise<void> {
    const [only] = places;
    if (places.length === 1 && random() < 0.5) witness.left(only!, await line.queue.leave(only!));
    else {
      await line.queue.endPlaces(places, "PAID");
      for (const place of places) witness.ended(place);
    }
  }

  /** One act at random, to be played once or sent twice. */
  function drawAct(): () => Promise<unknown> {
    const draw = random();
    const fan = pick(FANS)!;
    const place = latest.get(fan);
    if (draw < 0.2 || !place) return () => join(fan);
    if (draw < 0.8) return () => status(place);
    if (draw < 0.85) return () => status(pick(tokens)!);
    if (draw < 0.92) {
      const ending = random() < 0.3 ? [pick(tokens)!, place, pick(tokens)!] : [place];
      return () => end(ending);
    }
    return draw < 0.96 ? () => line.promote() : () => line.counts();
  }

  /** A lobby has a draw of its own. */
  async function changeRules(): Promise<void> {
    const state = pick(STATES)!;
    const text = Math.floor(random() * 2 ** 32).toString(16).padStart(8, "0");
    const draw = { id: text, seed: text.repeat(8), salt: text };
    const opensAtMs = random() < 0.5 ? line.clock() + Math.floor(random() * 60_000) : null;
    witness.counted(await line.counts());
    await line.changeRules({
      state,
      opensAtMs,
      capacity: 1 + Math.floor(random() * SMALL.bounds.promotionBatch),
      pollMaxSeconds: pick([10, 60])!,
      ...state === "LOBBY" ? { draw } : {},
    });
    if (state === "HELD") await line.promote(Math.floor(random() * 3));
  }

  async function pass(): Promise<void> {
    if (changesRules && random() < 0.03) await changeRules();
    const draw = random();
    if (draw < 0.4) line.clock.advance(Math.floor(random() * 10_000));
    else if (draw < 0.41) line.clock.advance(Math.floor(random() * 2 * line.windowMs));
    else if (draw < 0.412) line.clock.advance(line.settings.waitingTtlMs);
    else if (draw < 0.414) {
      await line.wipe();
      witness.wiped();
    }
  }

  async function act(): Promise<void> {
    await pass();
    const drawn = drawAct();
    for (let sends = random() < 0.15 ? 2 : 1; sends > 0; sends--) await drawn();
    witness.counted(await line.counts());
  }

  /** Everybody polls, and leaves once admitted, until nobody is left. */
  async function drain(): Promise<void> {
    await line.changeRules({ state: "OPEN", capacity: CAPACITY });
    for (let round = 0; round < MAX_DRAIN_ROUNDS; round++) {
      line.clock.advance(2_000);
      let left = 0;
      for (const place of latest.values()) {
        const { state } = await status(place);
        if (state === "ADMITTED") await end([place]);
        if (state !== "GONE") left++;
      }
      if (left === 0) return;
    }
    throw new Error("a fan is never admitted");
  }
  return { act, drain };
}

export function interleavingContract(test: ContractTest, acts: number): void {
  for (const { bounds, changesRules } of [USUAL, SMALL]) {
    const kind = changesRules ? ", with small bounds and changing rules" : "";
    for (const seed of SEEDS) {
      test(`${acts} acts at random keep L1 to L5${kind} (seed ${seed})`, {
        capacity: CAPACITY,
        admissionTtlMs: 5 * MINUTE_MS,
        waitingTtlMs: 10 * MINUTE_MS,
        bounds,
      }, async (line) => {
        const { act, drain } = player(line, seededRandom(seed), changesRules);
        for (let step = 0; step < acts; step++) {
          await act().catch((cause) => {
            throw new Error(`seed ${seed}, act ${step}: ${cause.message}`, { cause });
          });
        }
        await drain();
      });
    }
  }
}
