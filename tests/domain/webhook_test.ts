import { equal, match, ok } from "node:assert/strict";
import {
  RETRY_DELAYS_MS,
  RETRY_WINDOW_MS,
  retryDelayMs,
  webhookUrlFault,
} from "../../src/domain/webhook.ts";

const deployed = { allowLoopback: false };
const local = { allowLoopback: true };

Deno.test("`webhookUrlFault()` accepts https URLs of public hosts, with any port", () => {
  for (
    const url of [
      "https://hooks.example.com",
      "https://hooks.example.com/a/b?c=d",
      "https://example.com:8443/",
      "https://HOOKS.Example.COM/",
      "https://xn--bcher-kva.example/",
      "https://1.example.com/",
      "HTTPS://hooks.example.com?a=@b",
      "https://hooks.example.com/@a",
      "https://my_hooks.example.com:443/",
      "https://例え.example/",
      "https://local.example.com/",
      "https://localhost.example.com/",
    ]
  ) for (const options of [deployed, local]) equal(webhookUrlFault(url, options), null, url);
});

Deno.test("`webhookUrlFault()` refuses every other address, and says what would be right", () => {
  const refused: [RegExp, readonly string[]][] = [
    [/URL such as/, [
      "",
      "hooks.example.com",
      "https://",
      "https://a.b:99999/",
      "https://256.1.1.1/",
    ]],
    [/https/, ["http://hooks.example.com/", "ftp://hooks.example.com/", "javascript:alert(1)"]],
    [/IP address/, [
      "https://192.0.2.7/",
      "https://127.0.0.1/",
      "https://2130706433/",
      "https://0x7f000001/",
      "https://0x7f.1/",
      "https://0177.0.0.1/",
      "https://127.1/",
      "https://1.2.3/",
      "https://①②⑦.0.0.1/",
      "https://127%2e0.0.1/",
      "https://169.254.169.254/latest/meta-data",
      "https://[::1]/",
      "https://[::ffff:127.0.0.1]/",
      "https://[fd00::1]:8443/",
    ]],
    [/domain/, ["https://localhost/", "https://intranet/", "https://redis:6379/"]],
    [/local network/, [
      "https://app.localhost/",
      "https://printer.local/",
      "https://metadata.google.internal/",
      "https://Db.INTERNAL/",
      "https://nas.home.arpa/",
      "https://nas.lan/",
      "https://db.localdomain/",
    ]],
    [/dot at its end/, ["https://localhost./", "https://127.0.0.1.example./", "https://a.com./"]],
    [/user name/, ["https://user@example.com/", "https://user:pass@example.com/"]],
    [/URL such as/, [
      "https:hooks.example.com",
      "https:/hooks.example.com/",
      "https:///hooks.example.com/",
      "https:\\\\hooks.example.com\\",
      "https://hooks.example.com\\@example.org/",
      "https://xn--/",
      "https://xn--localhost-.com/",
      "https://[fe80::1%25eth0]/",
      "https://hooks.example.com%00.example.org/",
    ]],
    [/user name/, ["https://@example.com/", "https://:@example.com/"]],
    [/port 0/, ["https://example.com:0/"]],
    [/local network/, [
      "https://redis.default.svc/",
      "https://redis.default.svc.cluster.local/",
      "https://queue.service.consul/",
      "https://hooks.test/",
      "https://app.localnet/",
      ...["intranet", "private", "corp", "home", "intra", "mail", "invalid"].map((name) =>
        `https://app.${name}/`
      ),
    ]],
    [/domain/, ["https://local\u00ADhost/", "https://ｌｏｃａｌｈｏｓｔ/"]],
    [/dot at its end/, ["https://localhost%2e/", "https://printer.local./"]],
    [/letters, digits/, [
      "https://a..example.com/",
      "https://.example.com/",
      "https://-a.example.com/",
      "https://a-.example.com/",
      "https://*.example.com/",
      "https://exa!mple.com/",
      `https://${"a".repeat(64)}.com/`,
      `https://${"abcdefgh.".repeat(30)}com/`,
    ]],
    [/fragment/, ["https://example.com/#a"]],
    [/blanks/, [" https://example.com/", "https://example.com/a b", "https://exam\nple.com/"]],
  ];
  for (const [message, urls] of refused) {
    for (const url of urls) match(webhookUrlFault(url, deployed) ?? "accepted", message, url);
  }
});

Deno.test("`webhookUrlFault()` takes names of 253 characters, as the name servers do", () => {
  const named = (length: number) => `${"abcdefg.".repeat(40).slice(0, length - 4)}.com`;
  const [longest, longer] = [253, 254].map((length) => named(length).replace("..", "a."));
  equal(longest!.length, 253);
  equal(webhookUrlFault(`https://${longest}/`, deployed), null);
  match(webhookUrlFault(`https://${longer}/`, deployed)!, /letters, digits/);
});

Deno.test("`webhookUrlFault()` accepts this machine where all stores are on it, by its names alone", () => {
  for (
    const url of [
      "http://localhost:9000/a",
      "https://localhost/",
      "http://127.0.0.1:9000/",
      "http://[::1]:9000/",
      "http://127.8.9.1/",
      "http://hooks.localhost:9000/",
    ]
  ) {
    equal(webhookUrlFault(url, local), null, url);
    ok(webhookUrlFault(url, deployed) !== null, url);
  }
  for (
    const url of [
      "http://192.168.0.1/",
      "http://0.0.0.0/",
      "http://hooks.example.com/",
      "ftp://localhost/",
      "http://@localhost/",
      "http://localhost:0/",
    ]
  ) ok(webhookUrlFault(url, local) !== null, url);
});

Deno.test("`retryDelayMs()` grows from attempt to attempt, and ends within the window", () => {
  const shortest = () => 1 - Number.EPSILON;
  const delays = (random: () => number) =>
    RETRY_DELAYS_MS.map((_, index) => retryDelayMs(index + 1, random)!);
  const sum = (list: readonly number[]) => list.reduce((one, other) => one + other, 0);
  for (let index = 1; index < RETRY_DELAYS_MS.length; index++) {
    // Also the shortest after the longest.
    ok(delays(shortest)[index]! > delays(() => 0)[index - 1]!);
  }
  ok(
    sum(delays(() => 0)) <= RETRY_WINDOW_MS - 9 * 60_000,
    "the cron may be a minute late each time",
  );
  ok(sum(delays(shortest)) >= RETRY_WINDOW_MS * 0.85);
  equal(retryDelayMs(RETRY_DELAYS_MS.length + 1, shortest), null);
});

Deno.test("`retryDelayMs()` is shortened by up to a tenth, by chance", () => {
  equal(retryDelayMs(1, () => 0), 30_000);
  equal(retryDelayMs(1, () => 0.5), 28_500);
  equal(retryDelayMs(9, () => 0.5), 0.95 * 34_200_000);
});
