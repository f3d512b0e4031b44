import type { QueueStores } from "../../src/composition/stores.ts";
import { DependencyError } from "../../src/domain/failures.ts";
import { MAIN_ROOM } from "../../src/domain/ids.ts";
import type { LineStatus } from "../../src/domain/line_status.ts";
import type { RoomSettings, Rules } from "../../src/domain/room.ts";
import { seededRandom } from "../support/random.ts";
import { testClock } from "../support/test_clock.ts";
import { createBoxOffice } from "./box_office.ts";
import { Crowd } from "./crowd.ts";
import { FanActs } from "./fan_acts.ts";
import { createFollowUp, createIsolates } from "./isolates.ts";
import { Laws, type Violations } from "./laws.ts";
import type { Line, LineOptions } from "./line.ts";
import { isWithin, type SalePlan } from "./plan.ts";
import { Timetable } from "./timetable.ts";
import { MEASURING, Traffic } from "./traffic.ts";

const STEP_MS = 250;
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** After so many acts those before them go on, so that few calls are under way at once. */
const CHUNK = 256;
/** Calls that wait for nothing end within so many turns. */
const TURNS = 16;

async function letCallsGoOn(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await null;
}

/** What a sale did. */
export interface SaleResult {
  readonly violations: Violations;
  readonly traffic: Traffic;
  readonly admitted: number;
  /** How many were admitted in each second. */
  readonly admissions: readonly number[];
  /** When the last fan who polls was admitted or had gone; null when fans still poll. */
  readonly lineEndedAtMs: number | null;
  /** Seats that were paid. */
  readonly sold: number;
  /** Polls that were answered without the queue. */
  readonly farPolls: number;
  readonly mostInside: number;
  /** The most who had missed their turn at one moment. */
  readonly mostParked: number;
  /** The longest time for which a slot was free while a fan who polls waited. */
  readonly longestIdleMs: number;
  readonly endedAtMs: number;
}

export interface SaleOptions {
  /** Puts something between the application and its queue. */
  readonly wrap?: (stores: QueueStores) => QueueStores;
  readonly onTold?: (fan: number, told: LineStatus, sinceMs: number) => void;
  readonly onMinute?: (minute: number) => void;
}

/** Plays a sale in virtual time, in steps of 250 ms, on a line that `openLine` opens. */
export async function playSale<OfLine extends Line, Seen>(
  plan: SalePlan,
  openLine: (options: LineOptions) => Promise<OfLine>,
  { onMinute, ...options }: SaleOptions = {},
  /** Looks at the line before it is closed. */
  look?: (line: OfLine) => Promise<Seen>,
): Promise<SaleResult & { readonly seen: Seen | undefined }> {
  const { showUpMs, waitingTtlMs } = plan;
  const [clock, traffic, random] = [testClock(), new Traffic(plan), seededRandom(plan.seed)];
  const line = await openLine({ settings: { showUpMs, waitingTtlMs }, clock, random, traffic });
  try {
    const sale = new Sale(plan, line, { clock, traffic, random }, options);
    await sale.open();
    while (!sale.hasEnded) {
      await sale.playStep();
      if (sale.sinceMs % MINUTE_MS === 0) onMinute?.(sale.sinceMs / MINUTE_MS);
    }
    return { ...sale.result(), seen: await look?.(line) };
  } finally {
    await line.close();
  }
}

type SaleBasics = Pick<LineOptions, "clock" | "traffic" | "random">;

class Sale {
  readonly #plan: SalePlan;
  readonly #line: Line;
  readonly #basics: SaleBasics;
  readonly #startMs: number;
  readonly #steps: number;
  readonly #timetable: Timetable;
  readonly #laws: Laws;
  readonly #acts: FanActs;
  readonly #office;
  readonly #followUp;
  readonly #isolates;
  /** The queue without the application, for the operator and for measurements. */
  readonly #queue;
  readonly #changes: { readonly atMs: number; readonly room: Partial<RoomSettings> }[];
  readonly #returns: { readonly atMs: number; readonly seats: number }[];
  #rules: Rules;
  #step = 0;
  #idleSinceMs: number | null = null;
  #longestIdleMs = 0;
  #mostParked = 0;

  constructor(plan: SalePlan, line: Line, basics: SaleBasics, options: SaleOptions) {
    const { clock, traffic, random } = basics;
    const { wrap = (stores) => stores, onTold } = options;
    this.#plan = plan;
    this.#line = line;
    this.#basics = basics;
    this.#startMs = clock();
    this.#steps = Math.ceil(plan.untilMs / STEP_MS) + 1;
    this.#changes = [...plan.changes ?? []];
    this.#returns = [...plan.returns ?? []];
    this.#rules = { ...plan.room, version: 1, madeAtMs: 0, draw: null };
    const crowd = new Crowd(plan);
    this.#timetable = new Timetable({ fans: plan.fans, steps: this.#steps });
    for (let fan = 0; fan < plan.fans; fan++) {
      this.#timetable.add(fan, Math.floor(crowd.joinsAtMs(fan) / STEP_MS));
    }
    this.#laws = new Laws(crowd, STEP_MS);
    this.#followUp = createFollowUp(traffic);
    this.#office = createBoxOffice({ ...plan, clock, rules: () => this.#rules });
    this.#isolates = createIsolates({
      plan,
      line,
      office: this.#office,
      ...{ traffic, clock, random, wrap },
      isDown: () => isWithin(plan.outage, this.sinceMs),
    });
    this.#queue = line.stores(() => {}).queue;
    this.#acts = new FanActs({
      crowd,
      isolates: this.#isolates,
      office: this.#office,
      laws: this.#laws,
      followUp: this.#followUp,
      ...{ traffic, random, onTold },
      later: (fan, afterMs) => this.#later(fan, afterMs),
    });
  }

  get sinceMs(): number {
    return this.#step * STEP_MS;
  }

  get hasEnded(): boolean {
    return this.#step === this.#steps || this.#acts.done === this.#plan.fans;
  }

  #later(fan: number, afterMs: number): void {
    this.#timetable.add(fan, this.#step + Math.max(1, Math.ceil(afterMs / STEP_MS)));
  }

  async open(): Promise<void> {
    const { stockCounter } = this.#office.repositories;
    this.#basics.traffic.begin("cron");
    await this.#queue.applyRules(MAIN_ROOM, this.#rules, await stockCounter.count(MAIN_ROOM));
  }

  async playStep(): Promise<void> {
    const { clock, traffic } = this.#basics;
    const { sinceMs } = this;
    clock.advance(this.#startMs + sinceMs - clock());
    traffic.sinceMs = sinceMs;
    this.#laws.beginStep();
    await this.#changeRules();
    while (this.#returns[0] && this.#returns[0].atMs <= sinceMs) {
      this.#office.add(this.#returns.shift()!.seats);
    }
    const { requests } = traffic;
    await this.#act(this.#timetable.take(this.#step));
    await this.#followUp.settle();
    if (sinceMs % MINUTE_MS === 0) await this.#tick();
    if (sinceMs % SECOND_MS === 0 && traffic.requests > requests) await this.#measure();
    this.#step++;
  }

  /** Calls that ask the queue come first, so that it works while far fans are answered. */
  async #act(fans: readonly number[]): Promise<void> {
    const far: number[] = [];
    for (const fan of fans) {
      if (this.#acts.isFar(fan)) far.push(fan);
      else this.#acts.act(fan);
    }
    await letCallsGoOn();
    this.#line.flush();
    for (let i = 0; i < far.length; i++) {
      this.#acts.act(far[i]!);
      if (i % CHUNK === CHUNK - 1) await letCallsGoOn();
    }
    await this.#acts.settle();
  }

  async #changeRules(): Promise<void> {
    while (this.#changes[0] && this.#changes[0].atMs <= this.sinceMs) {
      const { room } = this.#changes.shift()!;
      this.#rules = { ...this.#rules, ...room, version: this.#rules.version + 1 };
      this.#laws.allow(this.#rules.capacity);
      this.#basics.traffic.begin("cron");
      await this.#queue.applyRules(MAIN_ROOM, this.#rules);
    }
  }

  async #tick(): Promise<void> {
    this.#basics.traffic.asked("cron");
    try {
      await this.#isolates[0]![0]!.maintenance.run();
    } catch (error) {
      if (!(error instanceof DependencyError)) throw error;
    }
  }

  /** After a step with calls every slot that fans who poll can have is taken. */
  async #measure(): Promise<void> {
    const { capacity, admissionsPerMinute } = this.#rules;
    this.#basics.traffic.kind = MEASURING;
    const counts = await this.#queue.counts(MAIN_ROOM);
    this.#mostParked = Math.max(this.#mostParked, counts?.parked ?? 0);
    if (!counts || admissionsPerMinute !== null) return;
    const isIdle = counts.admitted < capacity && counts.waiting > 0 && this.#acts.polling > 0 &&
      this.#office.hasSeats;
    if (!isIdle) this.#idleSinceMs = null;
    else {
      this.#idleSinceMs ??= this.sinceMs;
      this.#longestIdleMs = Math.max(this.#longestIdleMs, this.sinceMs - this.#idleSinceMs);
    }
  }

  result(): SaleResult {
    const { admitted, admissions, lineEndedAtMs, farPolls } = this.#acts;
    return {
      violations: this.#laws.violations,
      traffic: this.#basics.traffic,
      admitted,
      admissions: Array.from(admissions, (count) => count ?? 0),
      lineEndedAtMs,
      sold: this.#office.sold,
      farPolls,
      mostInside: this.#laws.mostInside,
      mostParked: this.#mostParked,
      longestIdleMs: this.#longestIdleMs,
      endedAtMs: (this.#step - 1) * STEP_MS,
    };
  }
}
