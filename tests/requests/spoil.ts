import type { Wire } from "./wire.ts";

type Random = () => number;

const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e21,
  2 ** 31,
  2 ** 53,
  "",
  " ",
  ".",
  "..",
  "0",
  "1e3",
  "x".repeat(7000),
  "\u0000",
  "\ud800",
  "\u202e\u200b",
  [],
  {},
  [[]],
  { a: 1 },
  "2026-02-30T00:00:00Z",
  "__proto__",
];
const ODD_TEXTS = [
  "%00",
  "%ff",
  "%c0%ae",
  "%",
  "%2e%2e%2f",
  "a%2Fb",
  "1%20",
  "+1",
  "01",
  "9007199254740993",
  "99999999999999999999",
  "x".repeat(3000),
  "%F0%9F%8E%AB",
  "null",
  "*",
];
const ODD_HEADERS: readonly (readonly [string, string])[] = [
  ["Authorization", "Bearer"],
  ["Authorization", "Bearer a.b.c"],
  ["Authorization", "Basic YTpi"],
  ["Queue-Token", "x"],
  ["Queue-Token", "\u00ff".repeat(300)],
  ["Idempotency-Key", "with a blank"],
  ["Idempotency-Key", "k".repeat(256)],
  ["Idempotency-Key", "\u00e9"],
  ["If-None-Match", '"", W/"x", *'],
  ["Accept", "image/png"],
  ["Content-Type", "text/plain"],
  ["Content-Type", "application/json; charset=latin1"],
  ["Content-Encoding", "gzip"],
  ["traceparent", "00-x"],
  ["X-Request-Id", "\u00ff".repeat(200)],
  ["Origin", "null"],
];

function pick<Value>(all: readonly Value[], random: Random): Value {
  return all[Math.floor(random() * all.length)]!;
}

/** A copy in which one place has another value, or is missing, or is twice there. */
function withOneChange(value: unknown, random: Random): unknown {
  if (typeof value !== "object" || value === null) return pick(ODD_VALUES, random);
  const names = Object.keys(value);
  const choice = random();
  if (names.length === 0 || choice < 0.15) {
    return Array.isArray(value) ? [...value, pick(ODD_VALUES, random)] : { ...value, other: 1 };
  }
  const name = pick(names, random);
  if (Array.isArray(value)) {
    if (choice < 0.3) return [...value, value[Number(name)]];
    return value.with(Number(name), withOneChange(value[Number(name)], random));
  }
  const { [name]: changed, ...others } = value as Record<string, unknown>;
  if (choice < 0.35) return others;
  return { ...others, [name]: withOneChange(changed, random) };
}

const ODD_JSON = (random: Random): string =>
  pick([
    () => "[".repeat(3000),
    () => "[".repeat(3000) + "]".repeat(3000),
    () => `{"a":`.repeat(2000) + "1" + "}".repeat(2000),
    () => "",
    () => " ",
    () => "null",
    () => "\ufeff{}",
    () => '{"a":1,"a":2}',
    () => '{"amount":1e400}',
    () => '{"amount":-0}',
    () => '{"__proto__":{"a":1}}',
    () => '{"constructor":1}',
    () => `{${Array.from({ length: 3000 }, (_, index) => `"k${index}":0`).join(",")}}`,
    () => "9".repeat(5000),
    () => '"\\ud800"',
    () => "{'a':1}",
    () => '{"a":1}{"b":2}',
    () => "NaN",
    () => `"${"x".repeat(70_000)}"`,
  ], random)();

function randomBytes(random: Random): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: Math.floor(random() * 200) }, () => Math.floor(random() * 256));
}

const takesBody = ({ method }: Wire) => method !== "GET";

function withOddStep(wire: Wire, random: Random): Wire {
  const [path, query] = wire.path.split("?") as [string, string?];
  const steps = path.split("/");
  steps[2 + Math.floor(random() * Math.max(1, steps.length - 2))] = pick(ODD_TEXTS, random);
  return { ...wire, path: steps.join("/") + (query === undefined ? "" : `?${query}`) };
}

function withOddQuery(wire: Wire, random: Random): Wire {
  const [path, query = ""] = wire.path.split("?") as [string, string?];
  const names = ["limit", "cursor", "room", "section", "scheduleId", "dryRun", "reason", "other"];
  const known = query.split("&").filter((part) => part !== "");
  const added = `${pick(names, random)}=${pick(ODD_TEXTS, random)}`;
  return { ...wire, path: `${path}?${[...known, added, ...known.slice(0, 1)].join("&")}` };
}

function withOddHeader(wire: Wire, random: Random): Wire {
  const [name, value] = pick(ODD_HEADERS, random);
  return { ...wire, headers: { ...wire.headers, [name]: value } };
}

function withoutHeader(wire: Wire, random: Random): Wire {
  const names = Object.keys(wire.headers);
  if (names.length === 0) return withOddHeader(wire, random);
  const missing = pick(names, random);
  const headers = Object.entries(wire.headers).filter(([name]) => name !== missing);
  return { ...wire, headers: Object.fromEntries(headers) };
}

function withOneChangeInBody(wire: Wire, random: Random): Wire {
  if (typeof wire.body !== "string") return withOddQuery(wire, random);
  if (!/json/.test(wire.headers["Content-Type"] ?? "")) {
    return { ...wire, body: wire.body.replace(/\d/, "x") };
  }
  return { ...wire, body: JSON.stringify(withOneChange(JSON.parse(wire.body), random)) };
}

/** A request that was valid, with one fault. */
export function nearlyValid(wire: Wire, random: Random): Wire {
  const changes = [
    withOneChangeInBody,
    withOneChangeInBody,
    withoutHeader,
    withOddStep,
    withOddQuery,
  ];
  return pick(changes, random)(wire, random);
}

/** A request that nobody writes by mistake. */
export function absurd(wire: Wire, random: Random): Wire {
  let spoilt = wire;
  for (const change of [withOddStep, withOddQuery, withOddHeader, withoutHeader]) {
    if (random() < 0.35) spoilt = change(spoilt, random);
  }
  if (!takesBody(spoilt) || random() < 0.2) return spoilt;
  return { ...spoilt, body: random() < 0.6 ? ODD_JSON(random) : randomBytes(random) };
}
