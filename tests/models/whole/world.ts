import { MAIN_ROOM } from "../../../src/domain/ids.ts";
import { createQueueTokens, type QueueTokens } from "../../../src/http/auth/queue_tokens.ts";
import type { App } from "../../../src/http/pipeline/api_env.ts";
import { BOX_ADDRESS, boxConfig, OPERATOR_TOKEN } from "../../support/api_box.ts";
import { seededRandom } from "../../support/random.ts";
import type { TestClock } from "../../support/test_clock.ts";
import { createUnfinishedTasks } from "../../support/unfinished_tasks.ts";
import { chosen } from "../histories.ts";
import type { Laws } from "../line/laws.ts";
import { deleted } from "../line/removals.ts";
import type { Sending, WholeHistory } from "./acts.ts";
import { createSharedApi } from "./api.ts";
import { createCarry } from "./carry.ts";
import type { SaleRoom, WorldDatabase } from "./database.ts";
import { type Fan, newFan } from "./fans.ts";
import { checkOwn, type WrongCredential } from "./door_laws.ts";
import { createIsolate, type Isolate } from "./isolates.ts";
import { createFloors, type Floors } from "./floors.ts";
import { createMoney, type Money } from "./money.ts";
import { createOffice, type Office } from "./office.ts";
import { createOwners, type Owners } from "./owners.ts";
import { createSleepers, replacePlatform } from "./platform.ts";
import type { Program } from "./program.ts";
import { createRedis, type Redis } from "./redis.ts";
import { createScheduler, type Scheduler, type Work } from "./scheduler.ts";
import type { IdentityProvider } from "./sign_in.ts";
import { createVerifier, type Verifier } from "./verifier.ts";
import {
  configOf,
  SEAT_LIMIT,
  SHOW_UP_MS,
  VERSION_NAMES,
  type VersionName,
  VERSIONS,
  WAITING_TTL_MS,
} from "./versions.ts";
import { createWires, newWeather, type Weather } from "./wires.ts";

export const SECRET = "u".repeat(32);
/** In a crowd the next fan comes after this time. */
const ARRIVAL_MS = 300;
const BOUNDS = { promotionBatch: 2, ageingBatch: 2, drawBatch: 2, leastNear: 2, exactAhead: 100 };

/** What histories share. */
export interface Stage {
  readonly program: Program;
  readonly database: WorldDatabase;
  readonly identity: IdentityProvider;
  readonly laws: Laws;
  /** Of all histories. */
  readonly counts: { steps: number; faults: number; requests: number };
  readonly apis: Map<boolean, App>;
  /** Takes the lines of a story; null while nobody listens. */
  listener: ((line: string) => void) | null;
}

export interface Received {
  readonly status: number;
  // deno-lint-ignore no-explicit-any
  readonly body: any;
  readonly text: string;
  readonly replayed: boolean;
  /** Whether the database was restored since the request came, and may have forgotten the act. */
  readonly isBeforeRestore: boolean;
}

/** A request of a fan or an operator. */
export interface Sent {
  /** Who does what, in words. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly fan?: Fan | null;
  /** A queue token. */
  readonly place?: string | null;
  readonly json?: unknown;
  readonly key?: string;
  /** What is sent in place of the fan's credential. */
  readonly wrongCredential?: WrongCredential;
  /** Whether it asks for what is another fan's. */
  readonly isOfAnother?: boolean;
  readonly begin?: (work: Work) => void;
  /** Takes the answer, when it comes. */
  readonly answer?: (received: Received, work: Work) => void;
  /** When everything has ended, also what follows the answer. */
  readonly end?: (work: Work) => Promise<void>;
}

export interface World {
  readonly history: WholeHistory;
  readonly stage: Stage;
  readonly laws: Laws;
  readonly clock: TestClock;
  readonly random: () => number;
  readonly redis: Redis;
  readonly office: Office;
  readonly floors: Floors;
  readonly money: Money;
  readonly owners: Owners;
  readonly verifier: Verifier;
  readonly scheduler: Scheduler;
  readonly weather: Weather;
  readonly isolates: Isolate[];
  readonly rooms: readonly SaleRoom[];
  readonly fans: readonly Fan[];
  readonly tokens: QueueTokens;
  /** Requests that may be sent again: those with an idempotency key. */
  readonly sent: Sent[];
  /** Of calls that come with time, this share is disturbed. */
  noise: number;
  /** Codes of tickets that fans have shown, and how often each let somebody in. */
  readonly codes: Map<string, string[]>;
  readonly entries: Map<string, number>;
  /** How often the line was failed over. */
  losses: number;
  /** The cron does not run until then. */
  cronStopsUntilMs: number;
  tell(text: () => string): void;
  newKey(): string;
  restart(number: number): void;
  send(sent: Sent, sending: Pick<Sending, "isolate" | "fates">): Promise<Work>;
  run(
    name: string,
    sending: Pick<Sending, "isolate" | "fates">,
    run: (isolate: Isolate) => Promise<unknown>,
  ): Work;
}

replacePlatform();

export async function createWorld(stage: Stage, history: WholeHistory): Promise<World> {
  const { program, database, laws, identity } = stage;
  const { seed, skewsMs, usesKeySet, sharesDocuments, versions } = history;
  const random = seededRandom(seed);
  const redis = await createRedis({
    program,
    settings: { showUpMs: SHOW_UP_MS, waitingTtlMs: WAITING_TTL_MS, bounds: BOUNDS },
    seed,
    names: [MAIN_ROOM, ...database.rooms.map(({ room }) => room)],
    laws,
  });
  const { clock } = redis.line;
  const sleepers = createSleepers(clock);
  const tell = (text: () => string) => {
    stage.listener?.(`${new Date(clock()).toISOString().slice(11, 23)} ${text()}`);
  };
  const scheduler = createScheduler({ clock, random, sleepers, laws, tell });
  const weather = newWeather();
  const wires = createWires(program, weather, clock);
  const owners = createOwners(database.sql);
  const office = createOffice({
    database,
    clock,
    laws,
    owners,
    onDeletion: (room) => deleted(redis.rooms.get(room)!.witness),
    seatLimit: SEAT_LIMIT,
  });
  const floors = createFloors();
  const verifier = createVerifier();
  const carry = createCarry({ scheduler, wires, weather, clock, identity, verifier });
  const location = sharesDocuments ? new Map() : null;
  let [ids, keys] = [0, 0];

  function makeIsolate(number: number, name: VersionName): Isolate {
    return createIsolate({
      number,
      program,
      config: configOf(usesKeySet, name),
      version: VERSIONS[name],
      redis,
      query: office.query,
      wires,
      scheduler,
      sleepers,
      carry,
      location: number < 2 ? location : null,
      skewMs: skewsMs[number]!,
      random,
      newId: () => `${++ids}-${number}`,
      report({ what, error }) {
        tell(() => `  isolate ${number + 1} reports ${what}: ${error}`);
        laws.check("D3: no input produces a 500", what !== "internal_error", () => {
          return `${error instanceof Error ? error.stack : error}`;
        });
      },
    });
  }
  const isolates = skewsMs.map((_, number) => makeIsolate(number, versions[number]!));
  let api = stage.apis.get(usesKeySet);
  if (!api) {
    api = createSharedApi(program, configOf(usesKeySet, "PRESENT"), isolates[0]!.services);
    stage.apis.set(usesKeySet, api);
  }

  /** Null: the request comes without a credential. */
  async function credentialOf({ fan, wrongCredential }: Sent): Promise<string | null> {
    if (!fan) return OPERATOR_TOKEN;
    if (wrongCredential === "NONE") return null;
    const isForged = wrongCredential === "FORGED";
    return await identity.tokenOf(fan.name, { usesKeySet, isForged });
  }

  async function answer(sent: Sent, work: Work, credential: string | null): Promise<void> {
    const { context, settle } = createUnfinishedTasks();
    const { restores } = office;
    const headers = new Headers();
    if (credential !== null) headers.set("Authorization", `Bearer ${credential}`);
    if (sent.place) headers.set("Queue-Token", sent.place);
    if (sent.key) headers.set("Idempotency-Key", sent.key);
    if (sent.json !== undefined) headers.set("Content-Type", "application/json");
    const request = new Request(`http://stanchion.test${sent.path}`, {
      method: sent.method,
      headers,
      body: sent.json === undefined ? null : JSON.stringify(sent.json),
    });
    const response = await api!.fetch(request, { address: BOX_ADDRESS }, context);
    const text = await response.text();
    work.isAnswered = true;
    const { status } = response;
    const received = {
      status,
      text,
      replayed: response.headers.get("Idempotency-Replayed") === "true",
      body: text === "" ? null : JSON.parse(text),
      isBeforeRestore: office.restores !== restores,
    };
    tell(() => `  ${sent.name}: ${status} ${text.slice(0, 160)}`);
    laws.check(
      "D3: no input produces a 500",
      status < 500 || received.body.code === "DEPENDENCY_UNAVAILABLE",
      () => `${sent.name}: ${text}`,
    );
    await checkOwn(world, sent, received, work);
    sent.answer?.(received, work);
    await settle();
  }

  const world: World = {
    history,
    stage,
    laws,
    clock,
    random,
    redis,
    office,
    floors,
    money: createMoney(),
    owners,
    verifier,
    scheduler,
    weather,
    isolates,
    rooms: history.rooms.map((number) => database.rooms[number]!),
    fans: Array.from({ length: history.fans }, (_, i) => {
      const fan = newFan(i + 1, database.rooms[history.rooms[i % history.rooms.length]!]!);
      if (history.isCrowd) fan.nextMs = clock() + i * ARRIVAL_MS;
      return fan;
    }),
    tokens: createQueueTokens(boxConfig().queueTokenSecrets),
    sent: [],
    noise: history.noise,
    codes: new Map(),
    entries: new Map(),
    losses: 0,
    cronStopsUntilMs: -Infinity,
    tell,
    newKey: () => `key-${++keys}`,
    restart(number) {
      const old = isolates[number]!;
      scheduler.kill(({ isolate }) => isolate === old);
      isolates[number] = makeIsolate(number, chosen(VERSION_NAMES, Math.floor(random() * 100))!);
    },
    async send(sent, { isolate: n, fates }) {
      const isolate = isolates[n % isolates.length]!;
      const credential = await credentialOf(sent);
      stage.counts.requests++;
      if (sent.key && !world.sent.includes(sent)) world.sent.push(sent);
      tell(() => `${sent.name}, through isolate ${isolate.number + 1}.`);
      return scheduler.start({ name: sent.name, isolate, fates }, async (work) => {
        sent.begin?.(work);
        await answer(sent, work, credential);
        await sent.end?.(work);
        floors.note(work, office);
      });
    },
    run(name, { isolate: n, fates }, run) {
      const isolate = isolates[n % isolates.length]!;
      tell(() => `${name}, in isolate ${isolate.number + 1}.`);
      return scheduler.start({ name, isolate, fates }, async (work) => {
        await run(isolate).catch((error) => {
          if (!(error instanceof program.DependencyError)) throw error;
          tell(() => `  ${name} ends: ${error}`);
        });
        floors.note(work, office);
      });
    },
  };
  return world;
}
