import type { RoomId } from "../../../src/domain/ids.ts";
import type { QueueStore } from "../../../src/ports/queue_store.ts";
import { checkDraw, checkPositions } from "./draw_laws.ts";
import { checkFilling, checkStock } from "./filling_laws.ts";
import { isSameCount, type Look, lookAt } from "./look.ts";
import { checkAgeing, checkCounts, type Looked, seeEnds, seePlaces } from "./look_laws.ts";
import { checkAbsent, checkOrder, checkRate, checkStates } from "./order_laws.ts";
import { newPeriod, type Period, type Witness } from "./witness.ts";

/** Between two looks. */
const MAX_CALLS = 20;

export interface Looks {
  /** Looks at the whole line, and checks the laws that hold between this look and the last one. */
  look(): Promise<Look | null>;
  /** Looks when something has changed by the counts, and now and then. */
  glance(): Promise<void>;
  /** What was seen before is of no use: the line was wiped, or brought back to an earlier state. */
  restart(period?: Period): void;
}

/** The room that is looked at, and the store as calls reach it. */
export interface LooksOptions {
  readonly room: RoomId;
  readonly witness: Witness;
  readonly queue: QueueStore;
  /** The seats of the sale; null when the line knows no stock. */
  readonly seats: () => number | null;
}

export function createLooks({ room, witness, queue, seats }: LooksOptions): Looks {
  const { clock } = witness;
  let before: Look | null = null;

  function check(looked: Looked): void {
    seePlaces(looked);
    seeEnds(looked);
    checkCounts(looked);
    checkAgeing(looked);
    checkOrder(looked);
    checkAbsent(looked);
    checkStates(looked);
    checkRate(looked);
    checkStock(looked, seats());
    checkFilling(looked);
    checkDraw(looked);
    checkPositions(looked);
  }

  /** Fans with a place, those whose place ended lately, and one more in turn. */
  function fansToSee(): Set<string> {
    const { epoch, period } = witness;
    const fans = new Set<string>();
    if (!epoch) return fans;
    for (const [fan, { state }] of epoch.latest) if (state !== "OVER") fans.add(fan);
    for (const { fan } of period.ended) fans.add(fan);
    const all = [...epoch.latest.keys()];
    if (all.length > 0) fans.add(all[period.calls % all.length]!);
    return fans;
  }

  const looks: Looks = {
    async look() {
      const nowMs = clock();
      const fans = fansToSee();
      const after = await lookAt(queue, room, fans, nowMs);
      const { epoch } = witness;
      witness.laws.check(
        "L8: the store has rules exactly when they were brought",
        (after !== null) === (epoch !== null),
        () => `${after ? "rules" : "no rules"}`,
      );
      if (!after || !epoch) return null;
      epoch.id ??= after.counts.epoch;
      // The room may have been removed and made anew.
      if (before?.counts.epoch !== epoch.id) before = null;
      check({ witness, epoch, before, after });
      before = after;
      witness.period = newPeriod(nowMs, epoch.holdUntilMs);
      return after;
    },
    async glance() {
      const { period } = witness;
      const isCalm = period.slots.size + period.ended.size + period.created.size === 0;
      const counts = isCalm ? await queue.counts(room) : null;
      const isSame = counts && before && isSameCount(counts, before.counts);
      if (!isSame || period.calls >= MAX_CALLS) await looks.look();
    },
    restart(period = newPeriod(clock())) {
      before = null;
      witness.period = period;
    },
  };
  return looks;
}
