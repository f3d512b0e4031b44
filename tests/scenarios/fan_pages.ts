import assert from "node:assert/strict";
import { type ApiBox, newFan } from "../support/api_box.ts";
import { putOnSale } from "../support/sale.ts";
import type { Scenario } from "./scenario.ts";

const SHOP = "https://shop.example.com";
const SETTINGS = {
  QUEUE_CAPACITY: "1",
  ALLOWED_ORIGINS: SHOP,
  ADMISSION_AUDIENCES: SHOP,
  ADMISSION_ISSUER: "https://tickets.example.com",
};

/** Queries with a name that no room can have. */
const BAD_ROOMS = [
  "room=%00x",
  "room=a%20b",
  "room=main%7D:x",
  "room=",
  "room",
  "room=Main",
  "room=main%0A",
  "room=-main",
  "room=%ff",
  "room=%ED%95%9C",
  `room=${"a".repeat(33)}`,
  "room=main&room=%00x",
];

/** A browser without scripts: it keeps the cookies of the line. */
function plainBrowser(box: ApiBox) {
  const cookies = new Map<string, string>();
  async function send(method: string, path: string, form?: Record<string, string>) {
    const answer = await box.call(method, path, {
      headers: {
        Cookie: [...cookies].map((pair) => pair.join("=")).join("; "),
        "Accept-Language": "en",
        ...(form ? { Origin: SHOP, "Sec-Fetch-Site": "cross-site" } : {}),
      },
      ...(form ? { raw: new URLSearchParams(form) } : {}),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = /^([\w-]+)=([^;]*); Path=\/line; Max-Age=\d+; HttpOnly; SameSite=Lax/
        .exec(cookie)!;
      if (value === "") cookies.delete(name!);
      else cookies.set(name!, value!);
    }
    return {
      status: answer.status,
      location: answer.headers.get("Location"),
      refresh: refreshOf(answer.text),
      text: answer.text,
    };
  }
  return {
    cookies,
    get: (path: string) => send("GET", path),
    join: async (path: string, fan: string) =>
      await send("POST", path, { access_token: await box.userToken(fan) }),
  };
}

/** What the document tells browsers without scripts to load next, and when. */
function refreshOf(html: string): string | null {
  const [, content] =
    /<head>[^]*<noscript><meta http-equiv="refresh" content="([^"]*)"><\/noscript>[^]*<\/head>/
      .exec(html) ?? [];
  return content?.replaceAll("&amp;", "&") ?? null;
}

const escaped = (text: string) =>
  text.replace(/[&<>"']/g, (letter) => ENTITIES[letter as keyof typeof ENTITIES]);
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

export function fanPageScenarios(test: Scenario): void {
  test("GET / shows the programme without a script, in the language that is asked for", async (open) => {
    const box = await open();
    await putOnSale(box, {});
    const english = await box.call("GET", "/");
    const { concerts } = (await box.call("GET", "/v1/programme?limit=100")).body;
    assert.ok(concerts.length > 0);
    for (const { title, room } of concerts) {
      assert.ok(english.text.includes(`<h2>${escaped(title)}</h2>`), title);
      assert.ok(english.text.includes(`href="/line?room=${room}"`), room);
    }
    assert.match(english.text, /<html lang="en"/);
    const korean = await box.call("GET", "/", { headers: { "Accept-Language": "ko" } });
    assert.match(korean.text, /<html lang="ko"[^]*예매하기/);
    assert.match(korean.headers.get("Vary")!, /Accept-Language/);
    assert.doesNotMatch(korean.text, /\{\{/);
  });

  test("a fan without a script waits by a cookie, and is led back with an admission", async (open) => {
    const box = await open(SETTINGS);
    const first = await box.join(newFan("first"));
    const browser = plainBrowser(box);
    const back = `${SHOP}/basket?of=2`;
    const path = `/line?room=main&return=${encodeURIComponent(back)}`;
    assert.match((await browser.get(path)).text, /sign in, and come from there/);
    const joined = await browser.join(path, newFan("plain"));
    assert.equal(joined.status, 303);
    const waiting = await browser.get(joined.location!);
    assert.match(waiting.text, /<p class="place">1<\/p>/);
    assert.match(waiting.refresh!, /^\d+$/);
    await box.call("DELETE", "/v1/queue/tokens/me", { place: first });
    await box.settle();
    const admitted = await browser.get(joined.location!);
    assert.equal(admitted.status, 200);
    const address = /^0; url=(.*)$/.exec(admitted.refresh!)![1]!;
    assert.ok(address.startsWith(`${back}#admission=ey`), address);
    assert.ok(admitted.text.includes(`href="${escaped(address)}"`));
    const elsewhere = await browser.get("/line?room=main&return=https%3A%2F%2Fevil.example%2F");
    assert.deepEqual([elsewhere.status, elsewhere.refresh], [200, null]);
    assert.match(elsewhere.text, /your turn/);
  });

  test("a place without a script survives a reset of the line, and its end is told", async (open) => {
    const box = await open(SETTINGS);
    await box.join(newFan("first"));
    const browser = plainBrowser(box);
    await browser.join("/line", newFan("plain"));
    const before = browser.cookies.get("line-place");
    await box.wipeLine();
    const after = await browser.get("/line");
    assert.match(after.text, /your turn|class="place"/);
    const place = browser.cookies.get("line-place")!;
    assert.notEqual(place, before);
    await box.call("DELETE", "/v1/queue/tokens/me", { place });
    await box.settle();
    const ended = await browser.get("/line");
    assert.match(ended.text, /You left the line\.|Your place in line has ended\./);
    assert.equal(browser.cookies.has("line-place"), false);
  });

  test("a forged cookie and a forged form bring nothing", async (open) => {
    const box = await open(SETTINGS);
    const browser = plainBrowser(box);
    for (const value of ["x", "a.b.c", "%00", "é".repeat(50)]) {
      browser.cookies.set("line-place", encodeURIComponent(value));
      assert.match((await browser.get("/line")).text, /Join the line/);
    }
    const raw = new URLSearchParams({ access_token: "a.b.c" });
    const own = { raw, headers: { "Sec-Fetch-Site": "same-origin", "Accept-Language": "en" } };
    const refused = await box.call("POST", "/line", own);
    assert.equal(refused.status, 200);
    assert.match(refused.text, /You can’t join this line.* Your sign-in has run out/);
    const token = await box.userToken(newFan("broken"));
    for (const broken of [`${token}\n`, `${token};`, `${token}=; Path=/`, ` ${token}`]) {
      const form = new URLSearchParams({ access_token: broken });
      const answer = await box.call("POST", "/line", { ...own, raw: form });
      assert.deepEqual([answer.status, answer.headers.getSetCookie()], [200, []], broken);
    }
    const nowhere = await browser.join("/line?room=no-such-room", newFan("lost"));
    assert.match(nowhere.text, /You can’t join this line.* There is no such line/);
    const headers = { Origin: "https://evil.example", "Accept-Language": "en" };
    const foreign = await box.call("POST", "/line", { raw, headers });
    assert.deepEqual([foreign.status, foreign.headers.getSetCookie()], [403, []]);
    assert.match(foreign.headers.get("Content-Type")!, /^text\/html/);
    assert.match(
      foreign.text,
      /You can’t join this line.* This form must be sent from its own page/,
    );
  });

  test("a room whose name no room can have is no line, for GET and for POST", async (open) => {
    const box = await open(SETTINGS);
    const raw = new URLSearchParams({ access_token: await box.userToken(newFan("lost")) });
    const headers = { Origin: SHOP, "Accept-Language": "en" };
    for (const query of BAD_ROOMS) {
      for (const method of ["GET", "POST"]) {
        const sent = method === "GET" ? { headers } : { headers, raw };
        const answer = await box.call(method, `/line?${query}`, sent);
        const what = `${method} ${query}: ${answer.status}`;
        assert.deepEqual([answer.status, answer.headers.getSetCookie()], [200, []], what);
        assert.match(answer.text, /You can’t join this line.* There is no such line/, what);
        assert.doesNotMatch(answer.text, /<form/, what);
      }
    }
  });
}
