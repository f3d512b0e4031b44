import type { Context } from "hono";
import { DependencyError } from "../../domain/failures.ts";
import { faultOf } from "../../ports/report.ts";
import { isFanId, isRoomId, MAIN_ROOM, type RoomId } from "../../domain/ids.ts";
import type { LineStatus } from "../../domain/line_status.ts";
import { isLoopbackHost } from "../../domain/loopback.ts";
import { isAllowedOrigin } from "../../domain/origins.ts";
import type { QueueToken } from "../../domain/queue.ts";
import { returnAddress } from "../../domain/return_address.ts";
import { type LineAnswer, lineAnswer } from "../line_answer.ts";
import { verifiedFan } from "../auth/authentication.ts";
import type { ApiEnv, App } from "../pipeline/api_env.ts";
import { BODY_LIMIT_BYTES, decodeText, readBody } from "../pipeline/body.ts";
import { queryOf } from "../pipeline/query.ts";
import { languageOf } from "../pipeline/language.ts";
import type { Problem, ProblemOf } from "../problems/failures.ts";
import {
  DEPENDENCY_RETRY_SECONDS,
  problemDocument,
  problemHeaders,
  PROBLEMS,
} from "../problems/problems.ts";
import { isCookieValue, lineCookie, setLineCookie } from "./line_cookies.ts";
import { challengePolicy } from "./page.ts";
import { type PageAnswer, type PageOptions, returnValues, type ShowPage } from "./pages.ts";
import { waitingValues } from "./plain_line_values.ts";
import { localTime } from "./programme_values.ts";
import type { TemplateValues } from "./template.ts";

// The line without a script: a form, and a page that reloads itself.

/** When a page is loaded again that found no queue. */
const UNREACHABLE_SECONDS = 10;

type PageContext = Context<ApiEnv>;

interface Parts extends PageOptions {
  readonly show: ShowPage;
}

/** Why a fan may not join: a name of the template. */
type Refusal =
  | "LINE_CLOSED"
  | "ROOM_NOT_FOUND"
  | "UNAUTHENTICATED"
  | "CHALLENGE_REQUIRED"
  | "CHALLENGE_FAILED";
type RateLimited = ProblemOf<"RATE_LIMITED">;

/** The room of the query; null if the query names one that no room can be called. */
function roomOf(c: Context): RoomId | null {
  const rooms: readonly string[] = c.req.queries("room") ?? [MAIN_ROOM];
  return rooms.every(isRoomId) ? rooms[0]! : null;
}

/**
 * Whether the form was sent by a page of this host, or of a listed origin. A page without a referrer
 * sends the origin `null`: then the browser itself says where it comes from.
 */
function isOwnForm(c: Context, allowedOrigins: readonly string[]): boolean {
  const origin = c.req.header("Origin");
  if (origin && isAllowedOrigin(origin, allowedOrigins)) return true;
  const site = c.req.header("Sec-Fetch-Site");
  return site === undefined ? origin === URL.parse(c.req.url)?.origin : site === "same-origin";
}

/** The page without a place. */
function showForm(
  { show, settings }: Parts,
  c: PageContext,
  values: TemplateValues = {},
  answer: PageAnswer = {},
) {
  const mayJoin = settings.localSignIn || lineCookie(c, "line-fan") !== null;
  return show(c, "line", {
    ...returnValues(c, settings),
    join: true,
    mayJoin,
    mustSignIn: !mayJoin,
    query: queryOf(c.req.url).toString(),
    ...values,
  }, answer);
}

/** The page without a place that says why the fan did not get one. */
function showRefusal(parts: Parts, c: PageContext, why: Refusal) {
  const noForm = why === "ROOM_NOT_FOUND" && { mayJoin: false, mustSignIn: false };
  return showForm(parts, c, { refused: true, [why]: true, ...noForm });
}

/** The same with the status, the headers and the words of a problem. */
function showProblem(parts: Parts, c: PageContext, failure: Problem) {
  const { detail } = problemDocument(failure, c.get("requestId"), languageOf(c));
  const { status } = PROBLEMS[failure.kind];
  c.set("problemCode", failure.kind);
  const values = { refused: true, detail: String(detail) };
  return showForm(parts, c, values, { status, headers: problemHeaders(failure) });
}

/** Reports a store that does not answer. Another error is thrown again. */
function reportOutage({ report }: Parts, c: PageContext, error: unknown): void {
  if (!(error instanceof DependencyError)) throw error;
  const request = { requestId: c.get("requestId"), traceparent: c.get("traceparent") };
  report({ what: faultOf(error), error, ...request });
}

/** A page after which another one is loaded: itself after some seconds, or another address at once. */
function showThenLoad(
  { show, settings }: Parts,
  c: PageContext,
  refresh: string,
  values: TemplateValues,
) {
  const headers = { "Cache-Control": "no-store" };
  return show(c, "line", { ...returnValues(c, settings), ...values, refresh }, { headers });
}

/** The place of the cookie; null if there is none. */
function placeOf({ authentication }: Parts, c: Context): QueueToken | null {
  return authentication.queueTokens.verify(lineCookie(c, "line-place") ?? "");
}

function keepPlace({ settings, authentication }: Parts, c: Context, token: QueueToken): void {
  const { sign } = authentication.queueTokens;
  setLineCookie(c, "line-place", sign(token), settings.waitingTtlSeconds);
}

/** Joins the line of the room, in the old order after a reset; or says why the fan may not. */
async function join(
  parts: Parts,
  c: PageContext,
  room: RoomId,
  userToken: string,
  earlier: QueueToken | null,
): Promise<LineStatus | Refusal | RateLimited> {
  const context = c.get("context");
  const fan = await verifiedFan(parts.authentication, userToken, c.env.address, context);
  if (!fan.ok) return fan.failure.kind === "RATE_LIMITED" ? fan.failure : fan.failure.kind;
  const own = earlier?.fan === fan.value ? earlier : null;
  const joined = await parts.services.queue.join(context, room, fan.value, { earlier: own });
  if (!joined.ok) {
    return joined.failure.kind === "RATE_LIMITED" ? joined.failure : joined.failure.kind;
  }
  keepPlace(parts, c, joined.value.token);
  return joined.value.line;
}

/** The present state of a place; after a reset of the line, that of the place it is given anew. */
async function statusOf(parts: Parts, c: PageContext, token: QueueToken): Promise<LineStatus> {
  const status = await parts.services.queue.status(c.get("context"), token);
  if (status.state === "GONE" && status.reason === "LINE_RESET") {
    const userToken = lineCookie(c, "line-fan");
    const joined = userToken === null ? status : await join(parts, c, token.room, userToken, token);
    return typeof joined === "string" || "kind" in joined ? status : joined;
  }
  if ("newToken" in status && status.newToken) keepPlace(parts, c, status.newToken);
  return status;
}

/** An admitted fan goes back to the site in front, if there is one; else on by themselves. */
async function showAdmitted(
  parts: Parts,
  c: PageContext,
  token: QueueToken,
  { expiresAt }: Extract<LineAnswer, { state: "ADMITTED" }>,
): Promise<Response> {
  const { settings, services: { admissions }, show } = parts;
  const { returnTo, audience } = returnValues(c, settings);
  const issued = returnTo ? await admissions.issue(token, audience) : null;
  const address = issued?.ok
    ? returnAddress(returnTo!, issued.value.admission, settings.allowedOrigins)
    : null;
  if (address !== null) {
    // A redirect after the form would be stopped by the policy of the page: its forms stay here.
    return await showThenLoad(parts, c, `0; url=${address}`, { admitted: true, address });
  }
  const admittedUntil = localTime(languageOf(c), expiresAt, "UTC");
  return await show(c, "line", { admitted: true, here: true, admittedUntil, room: token.room });
}

async function showPlace(parts: Parts, c: PageContext, token: QueueToken): Promise<Response> {
  const { sign } = parts.authentication.queueTokens;
  const line: LineAnswer = lineAnswer(await statusOf(parts, c, token), sign);
  if (line.state === "WAITING") {
    const refresh = String(line.pollAfterSeconds);
    return await showThenLoad(parts, c, refresh, waitingValues(languageOf(c), line));
  }
  if (line.state === "ADMITTED") return await showAdmitted(parts, c, token, line);
  setLineCookie(c, "line-place", "", 0);
  return await showForm(parts, c, { ended: true, [line.endedBecause ?? "UNKNOWN"]: true });
}

/** The user token of the form: of the name in a local run, or handed over by the site in front. */
async function userTokenOf(
  { signIn }: Parts,
  c: Context,
  form: URLSearchParams,
): Promise<string | null> {
  const userId = form.get("userId")?.trim();
  const isLocal = signIn !== null && isLoopbackHost(URL.parse(c.req.url)?.hostname ?? "");
  if (isLocal && isFanId(userId)) return await signIn(userId);
  return form.get("access_token") ?? lineCookie(c, "line-fan");
}

/** Joins by the form, and goes on to the page of the place. */
async function takeForm(parts: Parts, c: PageContext, room: RoomId): Promise<Response> {
  const read = await readBody(c.req.raw, BODY_LIMIT_BYTES);
  if (!read.ok) return await showProblem(parts, c, read.failure);
  const form = new URLSearchParams(decodeText(read.value) ?? "");
  const userToken = await userTokenOf(parts, c, form);
  if (userToken === null || !isCookieValue(userToken)) {
    return await showRefusal(parts, c, "UNAUTHENTICATED");
  }
  const joined = await join(parts, c, room, userToken, placeOf(parts, c));
  if (typeof joined === "string") return await showRefusal(parts, c, joined);
  if ("kind" in joined) return await showProblem(parts, c, joined);
  setLineCookie(c, "line-fan", userToken, parts.settings.waitingTtlSeconds);
  return c.redirect(`/line?${queryOf(c.req.url)}`, 303);
}

/** Shows the page of the line as one that may show a challenge. */
function withChallenge(show: ShowPage, { services: { challenge } }: PageOptions): ShowPage {
  if (!challenge) return show;
  const { scriptUrl } = challenge;
  const policy = { "Content-Security-Policy": challengePolicy(scriptUrl) };
  return (c, page, values, { headers, ...answer } = {}) =>
    show(c, page, { ...values, challengeScript: scriptUrl }, {
      ...answer,
      headers: { ...policy, ...headers },
    });
}

export function mountPlainLine(app: App, show: ShowPage, options: PageOptions): void {
  const parts: Parts = { ...options, show: withChallenge(show, options) };
  const { allowedOrigins } = options.settings;

  app.get("/line", async (c) => {
    const room = roomOf(c);
    if (room === null) return await showRefusal(parts, c, "ROOM_NOT_FOUND");
    const token = placeOf(parts, c);
    if (token?.room !== room) return await showForm(parts, c);
    try {
      return await showPlace(parts, c, token);
    } catch (error) {
      reportOutage(parts, c, error);
      const values = { waiting: true, unreachable: true };
      return await showThenLoad(parts, c, String(UNREACHABLE_SECONDS), values);
    }
  });

  app.post("/line", async (c) => {
    if (!isOwnForm(c, allowedOrigins)) {
      return await showProblem(parts, c, { kind: "FORBIDDEN", reason: "FOREIGN_FORM" });
    }
    const room = roomOf(c);
    if (room === null) return await showRefusal(parts, c, "ROOM_NOT_FOUND");
    try {
      return await takeForm(parts, c, room);
    } catch (error) {
      reportOutage(parts, c, error);
      const retryAfterSeconds = DEPENDENCY_RETRY_SECONDS;
      return await showProblem(parts, c, { kind: "DEPENDENCY_UNAVAILABLE", retryAfterSeconds });
    }
  });
}
