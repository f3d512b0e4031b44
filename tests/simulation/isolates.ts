import { createIsolateCounters } from "../../src/application/isolate_counters.ts";
import { createKeptFronts } from "../../src/application/kept_fronts.ts";
import type { RequestContext } from "../../src/application/request_context.ts";
import type { Services } from "../../src/application/services.ts";
import { assemble } from "../../src/composition/assemble.ts";
import type { QueueStores } from "../../src/composition/stores.ts";
import { type Config, parseConfig } from "../../src/config.ts";
import { DependencyError } from "../../src/domain/failures.ts";
import type { Front } from "../../src/domain/front.ts";
import { MAIN_ROOM } from "../../src/domain/ids.ts";
import type { PlaceRef } from "../../src/domain/queue.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { FrontDocuments } from "../../src/ports/front_documents.ts";
import type { BoxOffice } from "./box_office.ts";
import { type Line, observed } from "./line.ts";
import type { SalePlan } from "./plan.ts";
import type { Kind, Traffic } from "./traffic.ts";

export interface IsolatesOptions {
  readonly plan: SalePlan;
  readonly line: Line;
  readonly office: BoxOffice;
  readonly traffic: Traffic;
  readonly clock: Clock;
  readonly random: () => number;
  readonly isDown: () => boolean;
  /** Puts something between the application and its queue. */
  readonly wrap: (stores: QueueStores) => QueueStores;
}

/** The real application, once for each isolate of each location. */
export function createIsolates(options: IsolatesOptions): readonly (readonly Services[])[] {
  const { locations, isolatesPerLocation, sharesFronts } = options.plan;
  const config = saleConfig(options.plan);
  return Array.from({ length: locations }, () => {
    const frontDocuments = sharesFronts ? createLocationDocuments() : null;
    return Array.from(
      { length: isolatesPerLocation },
      () => createIsolate(config, frontDocuments, options),
    );
  });
}

function saleConfig({ room, showUpMs, waitingTtlMs }: SalePlan): Config {
  const settings = {
    QUEUE_CAPACITY: room.capacity,
    SHOW_UP_SECONDS: showUpMs / 1000,
    WAITING_TTL_SECONDS: waitingTtlMs / 1000,
  };
  const texts = Object.entries(settings).map(([name, value]) => [name, String(value)]);
  return parseConfig(Object.fromEntries(texts), () => "5".repeat(64));
}

function createIsolate(
  config: Config,
  frontDocuments: FrontDocuments | null,
  { line, office, traffic, clock, random, isDown, wrap }: IsolatesOptions,
): Services {
  const keptFronts = createKeptFronts({ clock });
  /** A fan behind the near limit asks the queue for a proof only. */
  const kindOfPoll = ({ order }: PlaceRef): Kind =>
    order > (keptFronts.find(MAIN_ROOM)?.near ?? Infinity) ? "proofs" : "near polls";
  function kindOf(method: string, args: readonly unknown[]): Kind {
    if (method === "join") return "joins";
    if (method === "status") return traffic.purpose ?? kindOfPoll(args[0] as PlaceRef);
    if (method === "front") return "front documents";
    return method === "endPlaces" || method === "leave" ? "payments" : "cron";
  }
  function ask(kind: Kind): void {
    if (isDown()) throw new DependencyError("redis", new Error("away"));
    traffic.begin(kind);
  }
  const { queue, cache, admissionCheck } = wrap(line.stores(keptFronts.keep));
  const whileShopping = () => ask(traffic.purpose ?? "shopping");
  let ids = 0;
  return assemble(config, {
    trace: { headers: () => ({}) },
    counters: createIsolateCounters({ clock, isolate: "simulated" }),
    stores: {
      ...office.repositories,
      queue: observed(queue, (method, args) => ask(kindOf(method, args))),
      cache: observed(cache, () => ask("cache fills")),
      admissionCheck: observed(admissionCheck, whileShopping),
    },
    clock,
    random,
    newId: () => `${++ids}`,
    sleep: line.sleep,
    report() {},
    limitJoins: () => Promise.resolve(null),
    keptFronts,
    frontDocuments,
  });
}

/** What the Cache API of a location is for its isolates. */
function createLocationDocuments(): FrontDocuments {
  let kept: Front | null = null;
  return {
    read: () => Promise.resolve(kept),
    write(_, front) {
      kept = front;
      return Promise.resolve();
    },
  };
}

/** The work that follows answers. */
export interface FollowUp {
  /** The context of the requests with this purpose. */
  context(purpose: Kind): RequestContext;
  settle(): Promise<void>;
}

export function createFollowUp(traffic: Traffic): FollowUp {
  let unfinished: Promise<unknown>[] = [];
  const follow = (task: Promise<unknown>) => void unfinished.push(task.catch(ignoreOutage));
  return {
    context: (purpose) => ({
      afterAnswer: (task) => follow(traffic.during(purpose, async () => await task())),
      keepAlive: follow,
    }),
    async settle() {
      while (unfinished.length > 0) {
        const tasks = unfinished;
        unfinished = [];
        await Promise.all(tasks);
      }
    },
  };
}

function ignoreOutage(error: unknown): void {
  if (!(error instanceof DependencyError)) throw error;
}
