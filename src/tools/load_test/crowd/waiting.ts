import type { JoinAnswer, OperatorFan, QueueAnswer } from "../api/answers.ts";
import { describeAnswer, type Success } from "../api/call.ts";
import { type Ending, type Fan, type SaleContext, think } from "./fan.ts";
import { sendWithFaults } from "./send_with_faults.ts";

/** Places of one fan in one visit. Another join follows when a place ends. */
const MAX_JOINS = 4;
const MAX_POLLS = 2_000;
const DEFAULT_POLL_SECONDS = 2;

type Turn = "ADMITTED" | "JOIN AGAIN" | Ending;

const placeOf = ({ number, places }: Fan) => `${number}/${places}`;

function observe(
  fan: Fan,
  { observations }: SaleContext,
  { body, sentAtMs, receivedAtMs }: Success<QueueAnswer>,
): QueueAnswer {
  observations.places.push({
    place: placeOf(fan),
    fan: fan.number,
    state: body.state,
    ticket: body.ticket,
    position: body.position,
    estimatedWaitSeconds: body.estimatedWaitSeconds,
    pollAfterSeconds: body.pollAfterSeconds,
    reason: body.reason,
    seatsMayReturn: body.seatsMayReturn ?? null,
    pseudonym: body.pseudonym ?? null,
    sentAtMs,
    receivedAtMs,
  });
  if (body.reason === "LINE_RESET") observations.queueWasReset = true;
  return body;
}

/** Joins, with the stored token if there is one. */
async function join(fan: Fan, context: SaleContext): Promise<QueueAnswer | Ending> {
  const { observations, room, now } = context;
  const hadPlace = fan.queueToken !== null;
  const { firstJoins } = observations;
  if (!firstJoins.has(fan.number)) firstJoins.set(fan.number, now());
  const answer = await sendWithFaults<JoinAnswer>(fan, context, {
    name: "join",
    method: "POST",
    path: "/v1/queue/tokens",
    bearer: fan.bearer,
    json: { room },
    ...(fan.queueToken ? { queueToken: fan.queueToken } : {}),
  }, hadPlace ? "none" : fan.traits.joinFault);
  if (!answer.ok) {
    if (answer.problem.code === "LINE_CLOSED") return "found the room closed";
    observations.addContractFault(`a join was answered with ${describeAnswer(answer)}`);
    return "were refused";
  }
  if (answer.status === 201 || !hadPlace) fan.places++;
  fan.queueToken = answer.body.token;
  return observe(fan, context, answer);
}

/** Whether the operator's answer names the fan's place PARKED. False when it is unknown. */
async function isParked(fan: Fan, { client, operatorToken }: SaleContext): Promise<boolean> {
  const answer = await client.send<OperatorFan>({
    name: "operator: fan",
    method: "GET",
    path: `/v1/admin/fans/${encodeURIComponent(fan.userId)}`,
    bearer: operatorToken,
  });
  return answer.ok && answer.body.place?.state === "PARKED";
}

async function returnAfter(
  awaySeconds: number,
  fan: Fan,
  context: SaleContext,
): Promise<QueueAnswer | Ending> {
  await context.stopSwitch.sleep(1000 * awaySeconds);
  const parked = await isParked(fan, context);
  const place = await join(fan, context);
  if (parked && typeof place !== "string" && place.state !== "GONE") {
    context.observations.count("returned parked");
  }
  return place;
}

/** Before the opening: joins again, or leaves and joins anew. */
async function gatherAgain(fan: Fan, context: SaleContext): Promise<QueueAnswer | Ending> {
  await think(fan, context);
  if (fan.traits.gathering === "anew") await leaveQueue(fan, context);
  context.observations.count(fan.queueToken ? "gathered again" : "left and gathered anew");
  return await join(fan, context);
}

async function poll(fan: Fan, context: SaleContext): Promise<QueueAnswer | Ending> {
  context.observations.count("polls");
  const answer = await context.client.send<QueueAnswer>({
    name: "poll",
    method: "GET",
    path: "/v1/queue/tokens/me",
    queueToken: fan.queueToken!,
  });
  if (answer.ok) {
    if (answer.redisCalls >= 0) context.observations.count("polls that say");
    if (answer.redisCalls === 0) context.observations.count("polls without Redis");
    fan.queueToken = answer.body.token ?? fan.queueToken;
    return observe(fan, context, answer);
  }
  context.observations.addContractFault(`a poll was answered with ${describeAnswer(answer)}`);
  return "were refused";
}

/** One place, from the join to its turn or its end. */
async function waitInPlace(fan: Fan, context: SaleContext, firstVisit: boolean): Promise<Turn> {
  let place = await join(fan, context);
  const { noShow, tabClosing, gathering } = fan.traits;
  const gathersAgain = firstVisit && gathering !== "once" && !noShow;
  if (gathersAgain && typeof place !== "string" && place.reason === "LOBBY") {
    place = await gatherAgain(fan, context);
  }
  for (let polls = 0; polls < MAX_POLLS; polls++) {
    if (typeof place === "string") return place;
    if (place.state === "ADMITTED") return "ADMITTED";
    if (place.state === "GONE") {
      if (place.reason !== "LINE_RESET") fan.queueToken = null;
      return "JOIN AGAIN";
    }
    if (noShow) return "never showed up";
    if (place.reason === "SOLD_OUT" && place.seatsMayReturn === false) {
      return "left the queue after SOLD_OUT";
    }
    if (firstVisit && tabClosing?.afterPolls === polls) {
      if (!tabClosing.returns) return "closed the tab";
      place = await returnAfter(tabClosing.awaySeconds, fan, context);
      continue;
    }
    await context.stopSwitch.sleep(1000 * (place.pollAfterSeconds ?? DEFAULT_POLL_SECONDS));
    place = await poll(fan, context);
  }
  return "gave up";
}

/** Waits until the fan is admitted. Joins again a few times when the place has ended. */
export async function waitForAdmission(
  fan: Fan,
  context: SaleContext,
  firstVisit: boolean,
): Promise<"ADMITTED" | Ending> {
  for (let joins = 0; joins < MAX_JOINS; joins++) {
    const turn = await waitInPlace(fan, context, firstVisit && joins === 0);
    if (turn !== "JOIN AGAIN") return turn;
    await think(fan, context);
  }
  return "lost the place";
}

export async function leaveQueue(fan: Fan, { client, observations }: SaleContext): Promise<void> {
  if (!fan.queueToken) return;
  observations.leftPlaces.add(placeOf(fan));
  const answer = await client.send<QueueAnswer>({
    name: "leave",
    method: "DELETE",
    path: "/v1/queue/tokens/me",
    queueToken: fan.queueToken,
  });
  if (!answer.ok || answer.body.state !== "GONE") {
    observations.addContractFault(`a leave was answered with ${describeAnswer(answer)}, not GONE`);
  }
  fan.queueToken = null;
}
