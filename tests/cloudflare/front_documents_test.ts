import { deepEqual, equal, match, notEqual } from "node:assert/strict";
import { locationFrontDocuments } from "../../src/cloudflare/front_documents.ts";
import { MAIN_ROOM, type RoomId } from "../../src/domain/ids.ts";
import type { ReportedEvent } from "../../src/ports/report.ts";
import { frontOf } from "../support/fronts.ts";

const SECRET = "a-secret-of-at-least-32-bytes-for-tests";
const PAGE = "https://tickets.example/v1/queue/tokens/me?x=1";

/** The cache of a location, and isolates over it. */
function location() {
  const answers = new Map<string, Response>();
  const cache = {
    isDown: false,
    calls: 0,
    async match(url: string) {
      cache.calls++;
      if (cache.isDown) throw new Error("away");
      return answers.get(url)?.clone();
    },
    async put(url: string, response: Response) {
      cache.calls++;
      if (cache.isDown) throw new Error("away");
      answers.set(url, response);
    },
  };
  const reports: ReportedEvent[] = [];
  const isolate = (secret = SECRET) =>
    locationFrontDocuments({ cache, secret, report: (event) => reports.push(event) });
  return { answers, cache, reports, isolate };
}

Deno.test("isolates of one deployment read what another one of the location wrote", async () => {
  const { answers, isolate } = location();
  const [one, two, stranger] = [isolate(), isolate(), isolate("another secret")];
  for (const each of [one, two, stranger]) each.servedAt(PAGE);
  await one.write(MAIN_ROOM, frontOf());
  deepEqual(await two.read(MAIN_ROOM), frontOf());
  equal(await two.read("other" as RoomId), null);
  equal(await stranger.read(MAIN_ROOM), null);
  const [[url, response]] = [...answers] as [[string, Response]];
  match(url, /^https:\/\/tickets\.example\/[0-9a-f]{64}\/main$/);
  equal(response.headers.get("Cache-Control"), "max-age=1");
});

Deno.test("the URL depends on the secret alone, and does not contain it", async () => {
  const { answers, isolate } = location();
  for (const secret of [SECRET, "another secret"]) {
    const documents = isolate(secret);
    documents.servedAt(PAGE);
    await documents.write(MAIN_ROOM, frontOf());
  }
  const [one, other] = [...answers.keys()];
  notEqual(one, other);
  equal(one!.includes(SECRET), false);
});

Deno.test("without a custom domain the cache is not asked", async () => {
  const { cache, isolate } = location();
  const documents = isolate();
  const addresses = [
    "https://stanchion.somebody.workers.dev/",
    "http://127.0.0.1:8787/",
    "http://tickets.example/",
    "https://a%zz:99999999/", // A Host header that is none.
  ];
  for (const address of addresses) {
    documents.servedAt(address);
    await documents.write(MAIN_ROOM, frontOf());
    equal(await documents.read(MAIN_ROOM), null);
  }
  equal(cache.calls, 0);
});

Deno.test("the first custom domain stays, so that all requests share one document", async () => {
  const { answers, isolate } = location();
  const documents = isolate();
  documents.servedAt(PAGE);
  documents.servedAt("https://other.example/");
  await documents.write(MAIN_ROOM, frontOf());
  match([...answers.keys()][0]!, /^https:\/\/tickets\.example\//);
});

Deno.test("a failure of the cache is a miss and is reported", async () => {
  const { answers, cache, reports, isolate } = location();
  const documents = isolate();
  documents.servedAt(PAGE);
  await documents.write(MAIN_ROOM, frontOf());
  cache.isDown = true;
  equal(await documents.read(MAIN_ROOM), null);
  await documents.write(MAIN_ROOM, frontOf());
  cache.isDown = false;
  const [url] = [...answers.keys()];
  answers.set(url!, new Response("no JSON"));
  equal(await documents.read(MAIN_ROOM), null);
  deepEqual(reports.map(({ what }) => what), ["cache_failed", "cache_failed", "cache_failed"]);
});
