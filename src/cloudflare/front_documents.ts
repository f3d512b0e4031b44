import { createHmac } from "node:crypto";
import type { Front } from "../domain/front.ts";
import type { RoomId } from "../domain/ids.ts";
import type { FrontDocuments } from "../ports/front_documents.ts";
import type { Report } from "../ports/report.ts";

/** The version of the documents. Isolates of different versions share none. */
const LAYOUT = "v1";
/** The shortest time that the cache keeps an answer. The age of the document decides its use. */
const CACHE_CONTROL = "max-age=1";

/** The part of Cloudflare's Cache API that is used. It stores answers for each location. */
export interface LocationCache {
  match(url: string): Promise<Response | undefined>;
  put(url: string, response: Response): Promise<void>;
}

export interface LocationFrontDocumentsOptions {
  readonly cache: LocationCache;
  /** Known to the isolates of the deployment alone. */
  readonly secret: string;
  readonly report: Report;
}

export interface LocationFrontDocuments extends FrontDocuments {
  /** Takes the address of a request, which says whether the Worker has a custom domain. */
  servedAt(url: string): void;
}

/**
 * Front documents in the cache of the location. It works for Workers with a custom domain only;
 * until a request to one was seen, nothing is read or written. The URLs have the host of the
 * Worker, because other hosts cost a look-up each. Their path is a keyed hash, so nobody outside
 * can name one.
 */
export function locationFrontDocuments(
  { cache, secret, report }: LocationFrontDocumentsOptions,
): LocationFrontDocuments {
  const folder = createHmac("sha256", secret).update(`front documents ${LAYOUT}`).digest("hex");
  let origin: string | null = null;

  const urlOf = (room: RoomId) => `${origin}/${folder}/${encodeURIComponent(room)}`;

  async function orElse<Value>(act: () => Promise<Value>, fallback: Value): Promise<Value> {
    if (origin === null) return fallback;
    try {
      return await act();
    } catch (error) {
      report({ what: "cache_failed", error });
      return fallback;
    }
  }

  return {
    servedAt(url) {
      origin ??= customOrigin(url);
    },
    read: (room) =>
      orElse(async () => {
        const response = await cache.match(urlOf(room));
        return response ? await response.json() as Front : null;
      }, null),
    write: (room, front) =>
      orElse(async () => {
        const headers = { "Content-Type": "application/json", "Cache-Control": CACHE_CONTROL };
        await cache.put(urlOf(room), new Response(JSON.stringify(front), { headers }));
      }, undefined),
  };
}

/** The origin of a custom domain; null for the shared domain, local runs and a host that is none. */
function customOrigin(url: string): string | null {
  const { protocol, hostname, origin } = URL.parse(url) ?? {};
  return protocol === "https:" && !hostname!.endsWith(".workers.dev") ? origin! : null;
}
