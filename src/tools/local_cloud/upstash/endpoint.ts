import { type Endpoint, type EndpointAddress, startEndpoint } from "../http/endpoint.ts";
import type { HttpAnswer, HttpRequest } from "../http/server.ts";
import {
  createRedisConnection,
  type RedisAddress,
  type RedisReply,
  RedisUnavailableError,
} from "../redis/connection.ts";
import { checkCommand } from "./commands.ts";
import { type Encoding, errorJson, replyJson } from "./json.ts";

export interface UpstashEndpointOptions extends EndpointAddress {
  readonly redis: RedisAddress;
  /** The bearer token that every request needs. */
  readonly token: string;
  /** Longer without a reply, and Redis counts as away. */
  readonly replyTimeoutMs?: number;
}

export interface UpstashEndpoint extends Endpoint {
  readonly token: string;
}

const MAX_BODY_BYTES = 10_485_760;
const MAX_PIPELINED = 10_000;

/**
 * The REST protocol of Upstash over a Redis: one command at `/`, many at `/pipeline`, a
 * transaction at `/multi-exec`. 401 without the token, 400 for what Redis refuses, 503 while
 * Redis is away.
 */
export async function startUpstashEndpoint(
  options: UpstashEndpointOptions,
): Promise<UpstashEndpoint> {
  const { redis, token, replyTimeoutMs, ...address } = options;
  const connection = createRedisConnection({
    ...redis,
    ...(replyTimeoutMs === undefined ? {} : { replyTimeoutMs }),
  });
  const authorization = `Bearer ${token}`;

  async function handle(
    { method, path, headers, body }: HttpRequest,
    countCommands: (count: number) => void,
  ): Promise<HttpAnswer> {
    if (headers["authorization"] !== authorization) return failed(401, "Unauthorized");
    if (method !== "POST") return failed(405, "ERR only POST is served here");
    const run = RUNS[path];
    if (!run) return failed(404, `ERR nothing is served at ${path}`);
    let sent: unknown;
    try {
      sent = JSON.parse(body);
    } catch {
      return failed(400, "ERR failed to parse the request as JSON");
    }
    const encoding = headers["upstash-encoding"] === "base64" ? "base64" : "plain";
    try {
      return await run(sent, encoding, async (commands, framing = 0) => {
        countCommands(commands.length - framing);
        return await connection.send(commands);
      });
    } catch (error) {
      if (error instanceof RedisUnavailableError) return failed(503, `ERR ${error.message}`);
      throw error;
    }
  }

  const endpoint = await startEndpoint({
    address,
    path: "",
    maxBodyBytes: MAX_BODY_BYTES,
    handle,
    errorBody: (message) => errorJson(`ERR ${message}`),
    onClose: () => connection.close(),
  });
  return { ...endpoint, token };
}

/** `framing` is how many of the commands the endpoint adds itself. They are not counted. */
type Send = (
  commands: readonly (readonly string[])[],
  framing?: number,
) => Promise<readonly RedisReply[]>;

type Run = (sent: unknown, encoding: Encoding, send: Send) => Promise<HttpAnswer>;

const RUNS: Readonly<Record<string, Run>> = {
  "/": runOne,
  "/pipeline": runPipeline,
  "/multi-exec": runTransaction,
};

async function runOne(sent: unknown, encoding: Encoding, send: Send): Promise<HttpAnswer> {
  const command = checkCommand(sent);
  if ("error" in command) return failed(400, command.error);
  const [reply] = await send([command.args]);
  return { status: reply instanceof Error ? 400 : 200, body: replyJson(reply!, encoding) };
}

async function runPipeline(sent: unknown, encoding: Encoding, send: Send): Promise<HttpAnswer> {
  const refusal = refusedBatch(sent);
  if (refusal) return failed(400, refusal);
  const commands = (sent as unknown[]).map(checkCommand);
  const replies = await send(
    commands.flatMap((command) => "args" in command ? [command.args] : []),
  );
  let next = 0;
  const items = commands.map((command) =>
    "args" in command ? replyJson(replies[next++]!, encoding) : errorJson(command.error)
  );
  return { status: 200, body: `[${items.join(",")}]` };
}

async function runTransaction(sent: unknown, encoding: Encoding, send: Send): Promise<HttpAnswer> {
  const refusal = refusedBatch(sent);
  if (refusal) return failed(400, refusal);
  const commands: (readonly string[])[] = [];
  for (const command of (sent as unknown[]).map(checkCommand)) {
    if ("error" in command) return failed(400, command.error);
    commands.push(command.args);
  }
  const replies = await send([["MULTI"], ...commands, ["EXEC"]], 2);
  const exec = replies.at(-1)!;
  if (Array.isArray(exec)) {
    const items = exec.map((item) => replyJson(item, encoding));
    return { status: 200, body: `[${items.join(",")}]` };
  }
  // The error of the command at fault says more than EXEC's own.
  const cause = replies.slice(1, -1).find((reply) => reply instanceof Error);
  const message = exec instanceof Error ? exec.message : "ERR the transaction was not run";
  return failed(400, cause ? `${message} ${cause.message}` : message);
}

function refusedBatch(sent: unknown): string | null {
  if (!Array.isArray(sent) || !sent.every(Array.isArray)) return "ERR not an array of commands";
  if (sent.length === 0) return "ERR empty pipeline request";
  return sent.length > MAX_PIPELINED ? `ERR more than ${MAX_PIPELINED} commands` : null;
}

function failed(status: number, message: string): HttpAnswer {
  return { status, body: errorJson(message) };
}
