import type { Context } from "hono";
import type { RequestContext } from "../../application/request_context.ts";
import { DependencyError } from "../../domain/failures.ts";
import { isFanId, MAIN_ROOM, type RoomId } from "../../domain/ids.ts";
import type { LineStatus } from "../../domain/line_status.ts";
import { isLoopbackHost } from "../../domain/loopback.ts";
import { isAllowedOrigin } from "../../domain/origins.ts";
import type { QueueToken } from "../../domain/queue.ts";
import { returnAddress } from "../../domain/return_address.ts";
import { type LineAnswer, lineAnswer } from "../line_answer.ts";
import type { ApiEnv, App } from "../pipeline/api_env.ts";
import { BODY_LIMIT_BYTES, decodeText, readBody } from "../pipeline/body.ts";
import { languageOf } from "../pipeline/language.ts";
import { problemResponse } from "../problems/problems.ts";
import { type PageOptions, returnValues, type ShowPage } from "./pages.ts";
import { localTime } from "./programme_values.ts";
import type { TemplateValues } from "./template.ts";

// The line without a script: a form, and a page that reloads itself. The place is in a cookie that
// scripts cannot read. Only the routes of this file read it.

/** Queue token, and the user token of a fan who came with one. */
const PLACE = "line-place";
const FAN = "line-fan";
/** When a page is loaded again that found no queue. */
const UNREACHABLE_SECONDS = 10;
const SECONDS_PER_MINUTE = 60;
const SECONDS_PER_HOUR = 3600;
/** From here on a wait is told in hours. */
const HOURS_FROM_SECONDS = 2 * SECONDS_PER_HOUR;

function cookieOf(c: Context, name: string): string | null {
  const pairs = (c.req.header("Cookie") ?? "").split(/; */);
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? null;
}

/** Browsers send the cookie of a place to `/line` alone. */
function setCookie(c: Context, name: string, value: string, seconds: number): void {
  const secure = new URL(c.req.url).protocol === "https:" ? "; Secure" : "";
  c.header(
    "Set-Cookie",
    `${name}=${value}; Path=/line; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`,
    { append: true },
  );
}

/**
 * Whether the form was sent by a page of this host, or of a listed origin. A page without a referrer
 * sends the origin `null`: then the browser itself says where it comes from.
 */
function isOwnForm(c: Context, allowedOrigins: readonly string[]): boolean {
  const origin = c.req.header("Origin");
  if (origin && isAllowedOrigin(origin, allowedOrigins)) return true;
  const site = c.req.header("Sec-Fetch-Site");
  return site === undefined ? origin === new URL(c.req.url).origin : site === "same-origin";
}

type WaitingAnswer = Extract<LineAnswer, { state: "WAITING" }>;

/** What the page says of a place that is waiting. */
function waitingValues(c: Context, line: WaitingAnswer): TemplateValues {
  const { position, reason, opensAt, estimatedWaitRange: range } = line;
  const language = languageOf(c);
  const isLong = range !== null && range.high >= HOURS_FROM_SECONDS;
  const unit = isLong ? SECONDS_PER_HOUR : SECONDS_PER_MINUTE;
  return {
    waiting: true,
    position: position?.toLocaleString(language),
    lobby: reason === "LOBBY",
    held: reason === "HELD",
    closed: reason === "CLOSED",
    soldOut: reason === "SOLD_OUT",
    opensAt: opensAt && localTime(language, opensAt, "UTC"),
    ...(range && {
      wait: true,
      [isLong ? "hours" : "minutes"]: true,
      low: Math.floor(range.low / unit),
      high: Math.ceil(range.high / unit),
    }),
  };
}

export function mountPlainLine(
  app: App,
  show: ShowPage,
  { settings, services, authentication, signIn, report }: PageOptions,
): void {
  const { queue, admissions } = services;
  const { queueTokens: { sign, verify }, verifyUser } = authentication;
  const { allowedOrigins, localSignIn, waitingTtlSeconds } = settings;

  const roomOf = (c: Context) => (c.req.query("room") ?? MAIN_ROOM) as RoomId;
  const keepPlace = (c: Context, token: QueueToken) =>
    setCookie(c, PLACE, sign(token), waitingTtlSeconds);

  /** The page without a place. */
  const showForm = (c: Context<ApiEnv>, values: TemplateValues = {}) =>
    show(c, "line", {
      ...returnValues(c, settings),
      join: true,
      mayJoin: localSignIn || cookieOf(c, FAN) !== null,
      mustSignIn: !localSignIn && cookieOf(c, FAN) === null,
      query: new URL(c.req.url).searchParams.toString(),
      ...values,
    });

  const showAgain = (c: Context<ApiEnv>, seconds: number, values: TemplateValues) =>
    show(c, "line", { ...returnValues(c, settings), ...values }, {
      "Cache-Control": "no-store",
      Refresh: String(seconds),
    });

  /** Joins the line of the room, in the old order after a reset. Null if the fan is not admitted to it. */
  async function join(
    c: Context<ApiEnv>,
    userToken: string,
    earlier: QueueToken | null,
  ): Promise<LineStatus | null> {
    const context = c.get("context");
    const fan = await verifyUser(userToken, context);
    if (fan === null) return null;
    const own = earlier?.fan === fan ? earlier : null;
    const joined = await queue.join(context, roomOf(c), fan, own);
    if (!joined.ok) return null;
    keepPlace(c, joined.value.token);
    return joined.value.line;
  }

  /** The present state of a place; after a reset of the line, that of the place it is given anew. */
  async function statusOf(
    c: Context<ApiEnv>,
    context: RequestContext,
    token: QueueToken,
  ): Promise<LineStatus> {
    const status = await queue.status(context, token);
    if (status.state === "GONE" && status.reason === "LINE_RESET") {
      const userToken = cookieOf(c, FAN);
      return userToken && await join(c, userToken, token) || status;
    }
    if ("newToken" in status && status.newToken) keepPlace(c, status.newToken);
    return status;
  }

  async function showPlace(c: Context<ApiEnv>, token: QueueToken): Promise<Response> {
    const line = lineAnswer(await statusOf(c, c.get("context"), token), sign);
    if (line.state === "WAITING") {
      return await showAgain(c, line.pollAfterSeconds, waitingValues(c, line));
    }
    if (line.state === "GONE") {
      setCookie(c, PLACE, "", 0);
      return await showForm(c, { ended: true });
    }
    const { returnTo, audience } = returnValues(c, settings);
    const issued = returnTo ? await admissions.issue(token, audience) : null;
    const address = issued?.ok
      ? returnAddress(returnTo!, issued.value.admission, allowedOrigins)
      : null;
    if (address !== null) return c.redirect(address, 303);
    const admittedUntil = localTime(languageOf(c), line.expiresAt, "UTC");
    return await show(c, "line", { admitted: true, admittedUntil, room: token.room });
  }

  app.get("/line", async (c) => {
    const token = verify(cookieOf(c, PLACE) ?? "");
    if (token?.room !== roomOf(c)) return await showForm(c);
    try {
      return await showPlace(c, token);
    } catch (error) {
      if (!(error instanceof DependencyError)) throw error;
      report({ what: "dependency_failed", error });
      return await showAgain(c, UNREACHABLE_SECONDS, { waiting: true, unreachable: true });
    }
  });

  /** The user token of the form: handed over by the site in front, or of the name in a local run. */
  async function userTokenOf(c: Context, form: URLSearchParams): Promise<string | null> {
    const userId = form.get("userId")?.trim();
    const isLocal = signIn !== null && isLoopbackHost(new URL(c.req.url).hostname);
    if (isLocal && isFanId(userId)) return await signIn(userId);
    return form.get("access_token") ?? cookieOf(c, FAN);
  }

  app.post("/line", async (c) => {
    if (!isOwnForm(c, allowedOrigins)) {
      return problemResponse(c, { kind: "FORBIDDEN", reason: "FOREIGN_FORM" });
    }
    const read = await readBody(c.req.raw, BODY_LIMIT_BYTES);
    if (!read.ok) return problemResponse(c, read.failure);
    const userToken = await userTokenOf(c, new URLSearchParams(decodeText(read.value) ?? ""));
    const earlier = verify(cookieOf(c, PLACE) ?? "");
    const joined = userToken === null ? null : await join(c, userToken, earlier);
    if (!joined) return await showForm(c, { refused: true });
    setCookie(c, FAN, userToken!, waitingTtlSeconds);
    return c.redirect(`/line?${new URL(c.req.url).searchParams}`, 303);
  });
}
