import type { RulesSnapshot } from "../../domain/queue.ts";
import {
  ROOM_STATE_POLICIES,
  type RoomStatePolicy,
  type Rules,
  STATE_AFTER_OPENING,
} from "../../domain/room.ts";
import type { JoinRefusal } from "../../ports/queue_store.ts";

/** The rules of a room: of all applied rules those with the highest version. */
export class RoomRules {
  /** What the present state allows. */
  allows!: RoomStatePolicy;
  snapshot!: RulesSnapshot;
  /** When the room opens by itself; Infinity for never. */
  opensAtMs!: number;
  /** Whether the opening time has passed while the rules name the state before it. */
  hasOpened!: boolean;
  /** The draw whose seed may be known. Nobody gathers for it any more. */
  openedDraw: string | null = null;
  /** A longer polling interval of earlier rules, and until which live time fans may follow it. */
  #oldPollMs = 0;
  #oldPollUntilMs = 0;

  /** `checkedAtMs` is when rules were applied last, these or older ones. */
  constructor(public current: Rules, public checkedAtMs: number) {
    this.#follow(current);
  }

  replace(next: Rules, liveMs: number, showUpMs: number): void {
    if (next.pollMaxSeconds < this.current.pollMaxSeconds) {
      this.#oldPollMs = this.toldMs(liveMs);
      this.#oldPollUntilMs = liveMs + this.#oldPollMs + showUpMs;
    }
    this.#follow(next);
  }

  /** The longest polling interval that fans may follow at a live time. */
  toldMs(liveMs: number): number {
    const oldMs = liveMs < this.#oldPollUntilMs ? this.#oldPollMs : 0;
    return Math.max(this.current.pollMaxSeconds * 1000, oldMs);
  }

  openByTime(): void {
    this.allows = ROOM_STATE_POLICIES[STATE_AFTER_OPENING];
    this.snapshot = { ...this.snapshot, state: STATE_AFTER_OPENING };
    this.opensAtMs = Infinity;
    this.hasOpened = true;
    this.openedDraw = this.current.draw?.id ?? null;
  }

  get refusal(): JoinRefusal {
    const { state, opensAtMs } = this.snapshot;
    return { refused: "CLOSED", state, opensAtMs };
  }

  #follow(rules: Rules): void {
    const { version: _, madeAtMs: __, challengeAtJoin: ___, ...kept } = rules;
    const { draw, admissionTtlMs: ____, ...snapshot } = kept;
    const policy = ROOM_STATE_POLICIES[rules.state];
    // Fans who join a lobby whose draw was opened get tickets behind those of the draw.
    const gathers = policy.gathers && (draw === null || draw.id !== this.openedDraw);
    this.current = rules;
    this.allows = { ...policy, gathers };
    this.snapshot = snapshot;
    this.opensAtMs = policy.opensByItself ? rules.opensAtMs ?? Infinity : Infinity;
    this.hasOpened = false;
  }
}
