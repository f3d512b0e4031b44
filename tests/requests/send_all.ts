import fc from "fast-check";
import type { Received } from "../support/api_box.ts";
import { seededRandom } from "../support/random.ts";
import { bodyFault } from "./body_fault.ts";
import { type Operation, type RequestDocument, requestDocument } from "./document.ts";
import { unexplained } from "./reasons.ts";
import { type Drawn, validRequests } from "./requests.ts";
import { absurd, nearlyValid } from "./spoil.ts";
import { type Wire, wireOf } from "./wire.ts";
import { KNOWN_NAMES, openWorld, type World } from "./world.ts";

/** After so many rounds a new world begins: a longer one has longer lists. */
const ROUNDS_OF_A_WORLD = 25;

/** What the schemas allow, the same with one fault, and what nobody writes by mistake. */
export type Mode = "valid" | "nearly" | "absurd";

export interface SendOptions {
  readonly mode: Mode;
  readonly seed: number;
  /** Requests of each operation. */
  readonly requests: number;
  readonly open?: () => Promise<World>;
  /** Changes the document, to see that the checks find it. */
  readonly change?: (document: string) => string;
}

export interface Sent {
  readonly total: number;
  /** How many answers had each status. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly operations: number;
  /** The operations of which no request succeeded. */
  readonly neverSucceeded: readonly string[];
  /** What refused valid requests and stands in no words of their operations, with an example. */
  readonly unexplained: readonly string[];
}

const SPOIL: Readonly<Record<Mode, (wire: Wire, random: () => number) => Wire>> = {
  valid: (wire) => wire,
  nearly: nearlyValid,
  absurd,
};

interface Sources {
  readonly document: RequestDocument;
  readonly requests: ReadonlyMap<Operation, fc.Arbitrary<Drawn>>;
}

function sourcesOf(text: string): Sources {
  const document = requestDocument(text);
  return {
    document,
    requests: new Map(
      document.operations.map((one) => [one, validRequests(one, document, KNOWN_NAMES)]),
    ),
  };
}

/** In a random order, so that operations act on what others made. */
function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  return items.map((item) => ({ item, at: random() })).sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/**
 * Sends as many requests of each operation. Throws when an answer is a 5xx, or is not documented:
 * the message has the request, and the seed of its world.
 */
export async function sendAll(options: SendOptions): Promise<Sent> {
  const { mode, seed, requests, open = () => openWorld(), change = (text) => text } = options;
  const statuses: Record<string, number> = {};
  const succeeded = new Set<string>();
  const reasons = new Map<string, string>();
  let sources: Sources | undefined;
  let total = 0;
  for (let done = 0; done < requests; done += ROUNDS_OF_A_WORLD) {
    const worldSeed = seed + done;
    const rounds = Math.min(ROUNDS_OF_A_WORLD, requests - done);
    const random = seededRandom(worldSeed);
    const world = await open();
    sources ??= sourcesOf(change((await world.box.call("GET", "/openapi.json")).text));
    const { document } = sources;
    const drawn = new Map(
      [...sources.requests].map(([operation, source], index) =>
        [operation, fc.sample(source, { seed: worldSeed + index, numRuns: rounds })] as const
      ),
    );
    for (let round = 0; round < rounds; round++) {
      await world.refresh();
      for (const operation of shuffled(document.operations, random)) {
        const valid = await wireOf(drawn.get(operation)![round]!, world);
        if (mode === "valid") assertBody(document, operation, valid, worldSeed);
        const wire = SPOIL[mode](valid, random);
        const answer = await send(world, wire, operation, worldSeed);
        total++;
        statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
        if (answer.status < 400) succeeded.add(operation.operationId);
        world.learn(answer);
        if (mode !== "valid") continue;
        for (const reason of unexplained(operation, document.wordsOf(operation), answer)) {
          if (!reasons.has(reason)) reasons.set(reason, exampleOf(wire, worldSeed));
        }
      }
    }
    await world.close();
  }
  return {
    total,
    statuses,
    operations: sources?.document.operations.length ?? 0,
    neverSucceeded: (sources?.document.operations ?? [])
      .map(({ operationId }) => operationId).filter((id) => !succeeded.has(id)),
    unexplained: [...reasons].map(([reason, example]) => `${reason}\n  ${example}`),
  };
}

function assertBody(
  document: RequestDocument,
  operation: Operation,
  wire: Wire,
  seed: number,
): void {
  const fault = bodyFault(document, operation, wire);
  if (fault) throw new Error(`no valid request: ${fault}\n  ${exampleOf(wire, seed)}`);
}

function exampleOf({ method, path, headers, body }: Wire, seed: number): string {
  const { Authorization: _, ...others } = headers;
  const text = typeof body === "string" ? body : JSON.stringify([...body ?? []]);
  return `STANCHION_SEED=${seed}: ${method} ${path.slice(0, 300)} ` +
    `${JSON.stringify(others).slice(0, 300)} ${text.slice(0, 600)}`;
}

async function send(
  world: World,
  wire: Wire,
  { operationId }: Operation,
  seed: number,
): Promise<Received> {
  const { method, path, headers, body } = wire;
  try {
    const answer = await world.box.call(method, path, {
      headers,
      ...(body === null ? {} : { raw: body }),
    });
    if (answer.status < 500) return answer;
    throw new Error(`answered ${answer.status}: ${answer.text.slice(0, 500)}`);
  } catch (cause) {
    const { message } = cause as Error;
    throw new Error(`${operationId}: ${message}\n  ${exampleOf(wire, seed)}`, { cause });
  }
}
