import type { Services } from "../../src/application/services.ts";
import { DependencyError } from "../../src/domain/failures.ts";
import { MAIN_ROOM } from "../../src/domain/ids.ts";
import type { LineStatus } from "../../src/domain/line_status.ts";
import type { QueueToken } from "../../src/domain/queue.ts";
import type { BoxOffice } from "./box_office.ts";
import { type Crowd, DONE, INSIDE, JOINING, WAITING } from "./crowd.ts";
import type { FollowUp } from "./isolates.ts";
import type { Laws } from "./laws.ts";
import { isWithin } from "./plan.ts";
import { CALLS, createShop, LAPSE, PAY, pay, type Shop } from "./shopping.ts";
import type { Traffic } from "./traffic.ts";

/** A fan whose call failed calls again after this time. */
const RETRY_MS = 5_000;

export interface Stage {
  readonly crowd: Crowd;
  readonly isolates: readonly (readonly Services[])[];
  readonly office: BoxOffice;
  readonly laws: Laws;
  readonly traffic: Traffic;
  readonly followUp: FollowUp;
  readonly random: () => number;
  readonly later: (fan: number, afterMs: number) => void;
  readonly onTold?: ((fan: number, told: LineStatus, sinceMs: number) => void) | undefined;
}

/** What fans do, each by its own call to one of the isolates of its location. */
export class FanActs {
  /** Fans who wait and poll. */
  polling = 0;
  done = 0;
  admitted = 0;
  /** How many were admitted in each second. */
  readonly admissions: number[] = [];
  /** When the last fan who polls was admitted; null while fans poll. */
  lineEndedAtMs: number | null = null;
  farPolls = 0;
  #underWay = 0;
  #onSettled = () => {};
  #fault: unknown = null;
  readonly #stage: Stage;
  readonly #shop: Shop;
  readonly #contexts;

  constructor(stage: Stage) {
    const { followUp, traffic, office } = stage;
    this.#stage = stage;
    this.#contexts = {
      line: followUp.context("cron"),
      shopping: followUp.context("shopping"),
      payments: followUp.context("payments"),
    };
    this.#shop = createShop({ context: this.#contexts.shopping, traffic, office });
  }

  /** Whether the next act is a poll that may be answered from a document. */
  isFar(fan: number): boolean {
    const { crowd } = this.#stage;
    return crowd.phaseOf(fan) === WAITING && !crowd.isNear(fan);
  }

  /** Begins the next act of a fan. */
  act(fan: number): void {
    switch (this.#stage.crowd.phaseOf(fan)) {
      case JOINING:
        return this.#begin(fan, this.#join(fan));
      case WAITING:
        return this.#begin(fan, this.#poll(fan));
      case INSIDE:
        return this.#begin(fan, this.#actInside(fan));
    }
  }

  /** Resolves when no act is under way. Throws the first fault of an act. */
  async settle(): Promise<void> {
    if (this.#underWay > 0) await new Promise<void>((resolve) => this.#onSettled = resolve);
    if (this.#fault !== null) throw this.#fault;
  }

  /** Acts are counted, because a list of their promises would keep millions of objects alive. */
  #begin(fan: number, act: Promise<void>): void {
    this.#underWay++;
    act.then(this.#end, (error) => {
      if (error instanceof DependencyError) this.#stage.later(fan, RETRY_MS);
      else this.#fault ??= error;
      this.#end();
    });
  }

  readonly #end = (): void => {
    if (--this.#underWay === 0) this.#onSettled();
  };

  #services(fan: number): Services {
    const { isolates, random } = this.#stage;
    const location = isolates[fan % isolates.length]!;
    return location[Math.floor(random() * location.length)]!;
  }

  async #join(fan: number): Promise<void> {
    const { crowd, traffic } = this.#stage;
    traffic.asked("joins");
    const { queue } = this.#services(fan);
    const joined = await queue.join(this.#contexts.line, MAIN_ROOM, crowd.ids[fan]!);
    if (!joined.ok) throw new Error(`a join was refused: ${joined.failure.kind}`);
    crowd.keep(fan, joined.value.token);
    crowd.enter(fan, WAITING);
    this.polling++;
    this.lineEndedAtMs = null;
    this.#heard(fan, joined.value.line, false);
  }

  /** Without an `async` function, because most calls of a sale are polls of far fans. */
  #poll(fan: number): Promise<void> {
    const { crowd, traffic } = this.#stage;
    traffic.asked("polls");
    const token = crowd.token(fan);
    const { queue } = this.#services(fan);
    return queue.status(this.#contexts.line, token).then((told) =>
      this.#heard(fan, told, isFromDocument(token, told))
    );
  }

  #heard(fan: number, told: LineStatus, isOfDocument: boolean): void {
    const { crowd, laws, traffic: { sinceMs }, onTold, later } = this.#stage;
    onTold?.(fan, told, sinceMs);
    if (isOfDocument) this.farPolls++;
    if (told.state === "GONE") {
      laws.violations.lost++;
      this.#stopPolling(fan, DONE);
      return;
    }
    if (told.newToken) crowd.keep(fan, told.newToken);
    if (told.state === "ADMITTED") return this.#goIn(fan);
    if (told.state === "WAITING") laws.waits(fan, told, isOfDocument);
    const isSilent = crowd.isGhost(fan) || (crowd.isNear(fan) && crowd.vanishes(fan));
    if (isSilent) this.#stopPolling(fan, DONE);
    else later(fan, told.pollAfterSeconds * 1000 + this.#latenessMs());
  }

  #latenessMs(): number {
    const { crowd: { plan: { latenessMs = 0 } }, random } = this.#stage;
    return latenessMs > 0 ? latenessMs * random() : 0;
  }

  #stopPolling(fan: number, phase: number): void {
    this.#stage.crowd.enter(fan, phase);
    this.polling--;
    this.lineEndedAtMs = this.polling > 0 ? null : this.#stage.traffic.sinceMs;
    if (phase === DONE) this.done++;
  }

  #goIn(fan: number): void {
    const { crowd, laws, traffic: { sinceMs }, later } = this.#stage;
    this.#stopPolling(fan, INSIDE);
    laws.admitted(fan);
    const second = Math.floor(sinceMs / 1000);
    this.admissions[second] = (this.admissions[second] ?? 0) + 1;
    const stayMs = crowd.stayMs(this.admitted++, sinceMs);
    crowd.insideSinceMs[fan] = sinceMs;
    crowd.insideForMs[fan] = stayMs;
    crowd.call[fan] = crowd.lapses(fan) ? LAPSE : crowd.shops(fan) ? 0 : PAY;
    if (crowd.lapses(fan)) later(fan, crowd.plan.room.admissionTtlMs);
    else later(fan, crowd.shops(fan) ? 0 : stayMs);
  }

  async #actInside(fan: number): Promise<void> {
    const { crowd, traffic, later } = this.#stage;
    const call = crowd.call[fan]!;
    if (call === LAPSE) return this.#goOut(fan);
    const services = this.#services(fan);
    const token = crowd.token(fan);
    if (call === PAY) return await this.#exit(fan, services, token);
    traffic.asked("shopping", 1 / crowd.plan.shoppers);
    const isDone = await this.#shop.call({ fan, token, services }, CALLS[call]!);
    if (!isDone) return await this.#leave(fan, services, token);
    crowd.call[fan] = call + 1;
    const share = (call + 1) / CALLS.length;
    const dueMs = crowd.insideSinceMs[fan]! + share * crowd.insideForMs[fan]!;
    later(fan, dueMs - traffic.sinceMs);
  }

  async #exit(fan: number, services: Services, token: QueueToken): Promise<void> {
    const { crowd, office, traffic, later } = this.#stage;
    const { stall } = crowd.plan;
    if (isWithin(stall, traffic.sinceMs)) return later(fan, stall!.untilMs - stall!.fromMs);
    if (crowd.leaves(fan)) return await this.#leave(fan, services, token);
    const holds = crowd.shops(fan) || office.hold(token, office.scheduleOf(fan));
    if (!holds) return await this.#leave(fan, services, token);
    traffic.asked("shopping");
    await pay(services, this.#contexts.payments, token.fan);
    this.#goOut(fan);
  }

  async #leave(fan: number, services: Services, token: QueueToken): Promise<void> {
    this.#stage.traffic.asked("shopping");
    await services.queue.leave(token);
    this.#goOut(fan);
  }

  #goOut(fan: number): void {
    const { crowd, laws } = this.#stage;
    laws.inside--;
    crowd.enter(fan, DONE);
    this.done++;
  }
}

/** The answer of the queue to a far fan always brings a newer token. */
function isFromDocument(token: QueueToken, told: LineStatus): boolean {
  return !token.isNear && told.state === "WAITING" && told.newToken === null;
}
