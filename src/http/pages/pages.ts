import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Services } from "../../application/services.ts";
import type { Config } from "../../config.ts";
import type { FanId } from "../../domain/ids.ts";
import { returnUrl } from "../../domain/return_address.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Report } from "../../ports/report.ts";
import type { Authentication } from "../auth/authentication.ts";
import type { ApiEnv, App } from "../pipeline/api_env.ts";
import { languageOf } from "../pipeline/language.ts";
import { PAGE_POLICY } from "./page.ts";
import { mountPlainLine } from "./plain_line.ts";
import { programmeValues } from "./programme_values.ts";
import { shellFile } from "./shells.ts";
import type { StaticFile } from "./static_files.ts";
import { filled, type TemplateValues } from "./template.ts";

export type PageSettings = Pick<
  Config,
  | "localSignIn"
  | "allowSelfCharge"
  | "currency"
  | "seatLimit"
  | "allowedOrigins"
  | "admissions"
  | "waitingTtlSeconds"
>;

export interface PageOptions {
  readonly file: StaticFile;
  readonly settings: PageSettings;
  readonly services: Pick<Services, "programme" | "queue" | "admissions" | "challenge">;
  readonly authentication: Authentication;
  /** Signs in by a name alone: the local run. */
  readonly signIn: ((fan: FanId) => Promise<string>) | null;
  readonly clock: Clock;
  readonly report: Report;
}

/** What the answer with a page has beside its document. */
export interface PageAnswer {
  /** 200 unless it is named. */
  readonly status?: ContentfulStatusCode;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers a page with its values. Null if the static files do not have it. */
export type ShowPage = (
  c: Context<ApiEnv>,
  page: string,
  values?: TemplateValues,
  answer?: PageAnswer,
) => Promise<Response>;

/** Where an admitted fan goes: back to a listed origin, if the address names one. */
export function returnValues(c: Context, settings: PageSettings): {
  readonly returnTo?: string;
  readonly audience?: string;
} {
  const { allowedOrigins, admissions } = settings;
  const url = returnUrl(c.req.query("return") ?? "", allowedOrigins);
  if (!url || !admissions) return {};
  const audience = admissions.audiences.includes(url.origin) ? { audience: url.origin } : {};
  return { returnTo: url.href, ...audience };
}

/** Mounts the pages of fans: documents of the static files, filled with what only the server has. */
export function mountPages(app: App, options: PageOptions): void {
  const { file, settings, services: { programme }, clock, report } = options;
  const { localSignIn, allowSelfCharge, seatLimit, currency } = settings;

  const show: ShowPage = async (c, page, values = {}, { status = 200, headers } = {}) => {
    const bytes = await file(shellFile(page, languageOf(c)));
    if (!bytes) return c.notFound();
    const all = { localSignIn, selfCharge: allowSelfCharge, seatLimit, currency, ...values };
    c.header("Vary", "Accept-Language", { append: true });
    return c.html(filled(new TextDecoder().decode(bytes), all), status, {
      "Content-Security-Policy": PAGE_POLICY,
      "Cache-Control": "private, no-cache",
      ...headers,
    });
  };

  app.get("/", async (c) => {
    const request = { limit: MOST_CONCERTS, after: null };
    const shown = await programme.page(c.get("context"), request).then(
      ({ concerts }) => programmeValues(concerts, languageOf(c), clock()),
      (error) => {
        report({ what: "dependency_failed", error });
        return { failed: true };
      },
    );
    return await show(c, "home", shown);
  });
  app.get("/shop", (c) => show(c, "shop"));
  app.get("/ops", (c) => show(c, "ops"));
  app.get("/tickets", (c) => show(c, "tickets"));
  mountPlainLine(app, show, options);
}

/** What is shown without a script. */
const MOST_CONCERTS = 100;
