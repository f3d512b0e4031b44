import { type Address, type Endpoint, serveEndpoint } from "../http/endpoint.ts";
import type { HttpRequest } from "../http/http_request.ts";
import type { Answer } from "../http/server.ts";
import {
  createRedisConnection,
  type RedisAddress,
  RedisUnavailableError,
} from "../redis/connection.ts";
import type { Reply } from "../redis/resp.ts";
import { checkCommand } from "./commands.ts";
import { type Encoding, errorJson, itemJson } from "./json.ts";

export interface UpstashEndpointOptions extends Address {
  readonly redis: RedisAddress;
  /** The one bearer token that opens the endpoint. */
  readonly token: string;
  /** Longer without a reply, and Redis counts as away. */
  readonly replyTimeoutMs?: number;
}

export interface UpstashEndpoint extends Endpoint {
  readonly token: string;
}

const LONGEST_BODY_BYTES = 10_485_760;
const MOST_PIPELINED = 10_000;

/**
 * The REST protocol of Upstash over a Redis: one command at `/`, many at `/pipeline`, a
 * transaction at `/multi-exec`. 401 without the token, 400 for what Redis refuses, 503 while
 * Redis is away.
 */
export function startUpstashEndpoint(parts: UpstashEndpointOptions): UpstashEndpoint {
  const { redis, token, replyTimeoutMs, ...address } = parts;
  const connection = createRedisConnection({
    ...redis,
    ...(replyTimeoutMs === undefined ? {} : { replyTimeoutMs }),
  });
  const authorization = `Bearer ${token}`;

  async function act(
    request: HttpRequest,
    onCommands: (count: number) => void,
  ): Promise<Answer> {
    if (request.headers.get("authorization") !== authorization) return failed(401, "Unauthorized");
    if (request.method !== "POST") return failed(405, "ERR only POST is served here");
    const run = RUNS[request.path];
    if (!run) return failed(404, `ERR nothing is served at ${request.path}`);
    let sent: unknown;
    try {
      sent = JSON.parse(request.body);
    } catch {
      return failed(400, "ERR failed to parse the request as JSON");
    }
    const encoding = request.headers.get("upstash-encoding") === "base64" ? "base64" : "plain";
    try {
      return await run(sent, encoding, async (commands, framing = 0) => {
        onCommands(commands.length - framing);
        return await connection.send(commands);
      });
    } catch (error) {
      if (error instanceof RedisUnavailableError) return failed(503, `ERR ${error.message}`);
      throw error;
    }
  }

  const endpoint = serveEndpoint({
    address,
    path: "",
    longestBodyBytes: LONGEST_BODY_BYTES,
    act,
    errorBody: (message) => errorJson(`ERR ${message}`),
    end: () => connection.close(),
  });
  return { ...endpoint, token };
}

/** `framing` of the commands are the endpoint's own and nobody's bill. */
type Send = (
  commands: readonly (readonly string[])[],
  framing?: number,
) => Promise<readonly Reply[]>;

type Run = (sent: unknown, encoding: Encoding, send: Send) => Promise<Answer>;

const RUNS: Readonly<Record<string, Run>> = {
  "/": runOne,
  "/pipeline": runPipeline,
  "/multi-exec": runTransaction,
};

async function runOne(sent: unknown, encoding: Encoding, send: Send): Promise<Answer> {
  const command = checkCommand(sent);
  if ("error" in command) return failed(400, command.error);
  const [reply] = await send([command.args]);
  return { status: reply!.kind === "error" ? 400 : 200, body: itemJson(reply!, encoding) };
}

async function runPipeline(sent: unknown, encoding: Encoding, send: Send): Promise<Answer> {
  const refusal = refusedBatch(sent);
  if (refusal) return failed(400, refusal);
  const commands = (sent as unknown[]).map(checkCommand);
  const replies = await send(
    commands.flatMap((command) => "args" in command ? [command.args] : []),
  );
  let next = 0;
  const items = commands.map((command) =>
    "args" in command ? itemJson(replies[next++]!, encoding) : errorJson(command.error)
  );
  return { status: 200, body: `[${items.join(",")}]` };
}

async function runTransaction(sent: unknown, encoding: Encoding, send: Send): Promise<Answer> {
  const refusal = refusedBatch(sent);
  if (refusal) return failed(400, refusal);
  const commands: (readonly string[])[] = [];
  for (const command of (sent as unknown[]).map(checkCommand)) {
    if ("error" in command) return failed(400, command.error);
    commands.push(command.args);
  }
  const replies = await send([["MULTI"], ...commands, ["EXEC"]], 2);
  const exec = replies.at(-1)!;
  if (exec.kind === "array") {
    const items = exec.items.map((item) => itemJson(item, encoding));
    return { status: 200, body: `[${items.join(",")}]` };
  }
  // What Redis said to the command that spoilt it tells more than that it was spoilt.
  const cause = replies.slice(1, -1).find((reply) => reply.kind === "error");
  const told = exec.kind === "error" ? exec.message : "ERR the transaction was not run";
  return failed(400, cause?.kind === "error" ? `${told} ${cause.message}` : told);
}

function refusedBatch(sent: unknown): string | null {
  if (!Array.isArray(sent) || !sent.every(Array.isArray)) return "ERR not an array of commands";
  if (sent.length === 0) return "ERR empty pipeline request";
  return sent.length > MOST_PIPELINED ? `ERR more than ${MOST_PIPELINED} commands` : null;
}

function failed(status: number, message: string): Answer {
  return { status, body: errorJson(message) };
}
