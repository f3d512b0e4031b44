import type { Joined, LineAnswer, OperatorFan } from "./answers.ts";
import { type Ending, type Fan, type Scene, think } from "./fan.ts";
import { surely } from "./surely.ts";
import type { Success } from "./wire.ts";

/** Places that one fan takes at most in one visit, after those that ended. */
const MAX_JOINS = 4;
const MAX_POLLS = 2_000;
const DEFAULT_POLL_SECONDS = 2;

type Turn = "ADMITTED" | "JOIN AGAIN" | Ending;

const placeOf = ({ number, places }: Fan) => `${number}/${places}`;

function note(fan: Fan, scene: Scene, answer: Success<LineAnswer>): LineAnswer {
  const { body, sentAtMs, receivedAtMs } = answer;
  scene.seen.sightings.push({
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
  if (body.reason === "LINE_RESET") scene.seen.lineWasReset = true;
  return body;
}

/** Joins, with the stored token if there is one; gives how it ended where it came to nothing. */
async function join(fan: Fan, scene: Scene): Promise<LineAnswer | Ending> {
  const hadPlace = fan.token !== null;
  const { firstJoins } = scene.seen;
  if (!firstJoins.has(fan.number)) firstJoins.set(fan.number, scene.now());
  const answer = await surely<Joined>(fan, scene, {
    name: "join",
    method: "POST",
    path: "/v1/queue/tokens",
    bearer: fan.bearer,
    json: { room: scene.room },
    ...(fan.token ? { place: fan.token } : {}),
  }, hadPlace ? "none" : fan.who.joinAnswer);
  if (!answer) return "lost the server";
  if (!answer.ok) {
    if (answer.problem.code === "LINE_CLOSED") return "found the line closed";
    scene.seen.odd(`join was refused with ${answer.status} ${answer.problem.code}`);
    return "lost the server";
  }
  if (answer.status === 201 || !hadPlace) fan.places++;
  fan.token = answer.body.token;
  return note(fan, scene, answer);
}

/** Whether the operator sees the fan parked; unknown is no. */
async function isParked(fan: Fan, scene: Scene): Promise<boolean> {
  const answer = await scene.wire.ask<OperatorFan>({
    name: "operator: fan",
    method: "GET",
    path: `/v1/admin/fans/${encodeURIComponent(fan.userId)}`,
    bearer: scene.operatorToken,
  });
  return answer?.ok === true && answer.body.place?.state === "PARKED";
}

async function comeBack(fan: Fan, scene: Scene, awaySeconds: number): Promise<LineAnswer | Ending> {
  await scene.stopper.sleep(1000 * awaySeconds);
  const parked = await isParked(fan, scene);
  const line = await join(fan, scene);
  if (parked && typeof line !== "string" && line.state !== "GONE") {
    scene.seen.count("returned parked");
  }
  return line;
}

/** What some do before the opening: joins again, or leaves and joins anew. */
async function gatherAgain(fan: Fan, scene: Scene): Promise<LineAnswer | Ending> {
  await think(fan, scene);
  if (fan.who.gathering === "anew") await leave(fan, scene);
  scene.seen.count(fan.token ? "gathered again" : "left and gathered anew");
  return await join(fan, scene);
}

async function poll(fan: Fan, scene: Scene): Promise<LineAnswer | Ending> {
  scene.seen.count("polls");
  const answer = await scene.wire.ask<LineAnswer>({
    name: "poll",
    method: "GET",
    path: "/v1/queue/tokens/me",
    place: fan.token!,
  });
  if (!answer) return "lost the server";
  if (answer.ok) return note(fan, scene, answer);
  scene.seen.odd(`a poll was refused with ${answer.status} ${answer.problem.code}`);
  return "lost the server";
}

/** One place, from joining to its turn or its end. */
async function waitInPlace(fan: Fan, scene: Scene, firstVisit: boolean): Promise<Turn> {
  let line = await join(fan, scene);
  const { noShow, tabClosing, gathering } = fan.who;
  const gathersAgain = firstVisit && gathering !== "once" && !noShow;
  if (gathersAgain && typeof line !== "string" && line.reason === "LOBBY") {
    line = await gatherAgain(fan, scene);
  }
  for (let polls = 0; polls < MAX_POLLS; polls++) {
    if (typeof line === "string") return line;
    if (line.state === "ADMITTED") return "ADMITTED";
    if (line.state === "GONE") {
      if (line.reason !== "LINE_RESET") fan.token = null;
      return "JOIN AGAIN";
    }
    if (noShow) return "never showed up";
    if (line.reason === "SOLD_OUT" && line.seatsMayReturn === false) return "were sold out in line";
    if (firstVisit && tabClosing?.afterPolls === polls) {
      if (!tabClosing.returns) return "closed the tab";
      line = await comeBack(fan, scene, tabClosing.awaySeconds);
      continue;
    }
    await scene.stopper.sleep(1000 * (line.pollAfterSeconds ?? DEFAULT_POLL_SECONDS));
    line = await poll(fan, scene);
  }
  return "gave up";
}

/** Waits until admitted, joining again a few times when the place has ended. */
export async function waitForTurn(
  fan: Fan,
  scene: Scene,
  firstVisit: boolean,
): Promise<"ADMITTED" | Ending> {
  for (let joins = 0; joins < MAX_JOINS; joins++) {
    const turn = await waitInPlace(fan, scene, firstVisit && joins === 0);
    if (turn !== "JOIN AGAIN") return turn;
    await think(fan, scene);
  }
  return "lost the place";
}

/** Leaves politely. */
export async function leave(fan: Fan, scene: Scene): Promise<void> {
  if (!fan.token) return;
  scene.seen.leftPlaces.add(placeOf(fan));
  const answer = await scene.wire.ask<LineAnswer>({
    name: "leave",
    method: "DELETE",
    path: "/v1/queue/tokens/me",
    place: fan.token,
  });
  if (answer && !(answer.ok && answer.body.state === "GONE")) {
    scene.seen.odd(`leaving was answered with ${answer.status}, and not GONE`);
  }
  fan.token = null;
}
