import type { OperatorQueue, OperatorRoom, Page } from "../api/answers.ts";
import { describeAnswer } from "../api/call.ts";
import { createHttpClient, type HttpClient, type HttpListener } from "../api/http_client.ts";
import { readBody } from "../api/pages.ts";
import { createStopSwitch } from "../api/stop_switch.ts";

const SOCKETS = 16;
/** A stopped rush does not wait longer for a call. */
const RETRY_LIMIT_MS = 10_000;
/** What was under way at the stop may be done after the first attempt. */
const MAX_ATTEMPTS = 5;
const ATTEMPT_INTERVAL_MS = 500;
const NO_LISTENER: HttpListener = { waitedForSocket() {}, answered() {}, answerLost() {} };
const REASON = "the rush is over";

/** Who may have a place in the room of the rush. */
export interface RushFan {
  readonly userId: string;
  readonly queueToken: string | null;
}

export interface TakeBackParts {
  readonly base: string;
  readonly operatorToken: string;
  readonly room: string;
  readonly fans: readonly RushFan[];
  readonly now: () => number;
}

interface Operator {
  readonly client: HttpClient;
  readonly operatorToken: string;
  readonly room: string;
}

/** Fans pay nothing that they hold afterwards. What was sold stays in the records. */
async function withdrawConcerts({ client, operatorToken, room }: Operator): Promise<void> {
  const path = `/v1/admin/concerts?room=${room}`;
  const { items } = await readBody<Page<{ concertId: number; status: string }>>(
    client,
    path,
    operatorToken,
  );
  for (const { concertId, status } of items) {
    if (status === "WITHDRAWN") continue;
    const answer = await client.send({
      name: "operator: concert",
      method: "PATCH",
      path: `/v1/admin/concerts/${concertId}`,
      bearer: operatorToken,
      json: { status: "WITHDRAWN", reason: REASON },
    });
    if (!answer.ok) throw new Error(`the withdrawal was answered with ${describeAnswer(answer)}`);
  }
}

async function countPlaces({ client, operatorToken, room }: Operator): Promise<number> {
  const path = `/v1/admin/rooms/${room}`;
  const { gathered, waiting, admitted, parked } = await readBody<
    OperatorRoom & OperatorQueue & { gathered: number }
  >(client, path, operatorToken);
  return gathered + waiting + admitted + parked;
}

/** Fans leave by their tokens. The operator ends the places whose tokens are not known. */
async function endPlaces(operator: Operator, fans: readonly RushFan[]): Promise<void> {
  const { client, operatorToken, room } = operator;
  await Promise.all(
    fans.map(async ({ queueToken }) =>
      queueToken === null ? null : await client.send({
        name: "leave",
        method: "DELETE",
        path: "/v1/queue/tokens/me",
        queueToken,
      })
    ),
  );
  if (await countPlaces(operator) === 0) return;
  await Promise.all(fans.map(({ userId }) =>
    client.send({
      name: "operator: place",
      method: "DELETE",
      path: `/v1/admin/rooms/${room}/places/${encodeURIComponent(userId)}?reason=rush`,
      bearer: operatorToken,
    })
  ));
}

/** Null: the room is gone. Else the answer to its deletion. */
async function deleteRoom({ client, operatorToken, room }: Operator): Promise<string | null> {
  const answer = await client.send({
    name: "operator: room",
    method: "DELETE",
    path: `/v1/admin/rooms/${room}`,
    bearer: operatorToken,
  });
  const isGone = answer.ok || answer.problem.code === "ROOM_NOT_FOUND";
  return isGone ? null : describeAnswer(answer);
}

/**
 * Withdraws the concert, ends the places and deletes the room, so that nothing of the rush stays on
 * a server that goes on. Returns a note where that failed.
 */
export async function takeBack(parts: TakeBackParts): Promise<string[]> {
  const { base, operatorToken, room, fans, now } = parts;
  const stopSwitch = createStopSwitch();
  const client = createHttpClient({
    base,
    sockets: SOCKETS,
    stopSwitch,
    retryLimitMs: RETRY_LIMIT_MS,
    now,
    listener: NO_LISTENER,
  });
  const operator: Operator = { client, operatorToken, room };
  let left = `The concert of the room ${room} may still be on sale`;
  let fault = "";
  try {
    for (let attempts = 0; attempts < MAX_ATTEMPTS; attempts++) {
      if (attempts > 0) await stopSwitch.sleep(ATTEMPT_INTERVAL_MS);
      await withdrawConcerts(operator);
      left = `The concert is withdrawn, and the room ${room} may still be there`;
      const refusal = await deleteRoom(operator);
      if (refusal === null) return [];
      fault = refusal;
      await endPlaces(operator, fans);
    }
  } catch (error) {
    fault = (error as Error).message;
  }
  return [`${left}: ${fault}`];
}
