import { deepEqual, doesNotMatch, equal, match, ok } from "node:assert/strict";
import { dirname, join, normalize } from "node:path";
import server from "../deno.json" with { type: "json" };
import theme from "../src/pages/theme.json" with { type: "json" };
import { ConfigError, parseConfig, SETTING_NAMES } from "../src/config.ts";
import { EVENT_TYPES } from "../src/domain/webhook.ts";
import { PROBLEMS } from "../src/http/problems/problems.ts";
import {
  anchorsOf,
  codeBlocks,
  type Document,
  exists,
  linksOf,
  namesIn,
  readDocument,
  readDocuments,
  sectionOf,
  tableRows,
} from "./support/documents.ts";
import { areInstalled, bash } from "./support/docs_shell.ts";
import { start } from "./support/local_run.ts";

const MAX_README_LINES = 150;
const MAX_PICTURE_BYTES = 150_000;
const NPX_DENO = "npx -y deno@2.9.6";

/** Links to a file or a heading that does not exist. */
function deadLinks(document: Document): string[] {
  return linksOf(document).filter((target) => !/^[a-z]+:/.test(target)).filter((target) => {
    const [file, anchor] = target.split("#") as [string, string?];
    const path = file === "" ? document.path : normalize(join(dirname(document.path), file));
    if (!exists(path)) return true;
    return anchor !== undefined && !anchorsOf(readDocument(path)).includes(anchor);
  });
}

/** Paths of the repository that do not exist. */
function deadPaths({ text }: Document): string[] {
  const paths = text.matchAll(
    /(?<![\w/.-])(?:src|tests|docs|\.ci|\.github)\/(?:[\w./-]*[\w/])?/g,
  );
  return [...paths].map(([path]) => path).filter((path) => !exists(path));
}

/** Commands that need an installed Deno, or a task that does not exist. */
function faultyCommands({ text }: Document): string[] {
  const commands = text.replaceAll("\\\n", " ")
    .matchAll(/(npx -y +)?deno(@[\d.]+)? +(task|run|test|fmt|lint|check|install) +([\w:-]+)/g);
  const mentioned = text.matchAll(/`task ([\w:-]+)`/g);
  const tasks = Object.keys(server.tasks);
  return [
    ...[...commands].filter(([command, , , subcommand, name]) =>
      !command.startsWith(`${NPX_DENO} `) || (subcommand === "task" && !tasks.includes(name!))
    ).map(([command]) => command),
    ...[...mentioned].filter(([, name]) => !tasks.includes(name!)).map(([mention]) => mention),
  ];
}

/** Names such as `QUEUE_CAPACITY` that are neither in the code nor a shell variable of the page. */
function unknownNames({ text }: Document, code: string): string[] {
  const names = new Set([...text.matchAll(/\b[A-Z]+(?:_[A-Z]+)+\b/g)].map(([name]) => name));
  return [...names].filter((name) =>
    !new RegExp(`\\b${name}\\b`).test(code) && !text.includes(`$${name}`)
  );
}

function* sourceTexts(folder: URL): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory && name !== "node_modules") yield* sourceTexts(new URL(`${name}/`, folder));
    // This file names things that do not exist.
    else if (/\.(ts|lua|sql)$/.test(name) && name !== "docs_test.ts") {
      yield Deno.readTextFileSync(new URL(name, folder));
    }
  }
}

/** The rows of docs/settings.md: the first cell names one setting. */
function settingRows(document: Document): Map<string, string[]> {
  const rows = tableRows(document.text).map((row) => [namesIn(row[0]!)[0]!, row] as const);
  return new Map(rows);
}

function isValid(name: string, value: string): boolean {
  const pair = name === "POLL_MIN_SECONDS" ? { POLL_MAX_SECONDS: value } : {};
  try {
    return parseConfig({ [name]: value, ...pair }, () => "secret") !== null;
  } catch (error) {
    if (error instanceof ConfigError) return false;
    throw error;
  }
}

function assertNone(faultsOf: (document: Document) => string[]): void {
  const faults = readDocuments().map((document) => [document.path, faultsOf(document)] as const);
  deepEqual(faults.filter(([, found]) => found.length > 0), []);
  ok(faults.length >= 8, `${faults.length} pages were read`);
}

const planted = (text: string): Document => ({ path: "docs/planted.md", text });

Deno.test("the links of the documentation lead somewhere", () => assertNone(deadLinks));

Deno.test("the check of links finds a dead one", () => {
  const dead = ["missing.md", "settings.md#missing", "#missing", "../missing"];
  const alive = ["settings.md", "../README.md", "#title", "settings.md#settings", "https://a.b/c"];
  const text = [...dead, ...alive].map((target) => `[text](${target})`).join("\n\n");
  deepEqual(
    deadLinks({ path: "docs/settings.md", text: `# Settings\n\n${text}` }),
    [...dead, "#title"],
  );
});

Deno.test("the paths in the documentation exist", () => assertNone(deadPaths));

Deno.test("the check of paths finds a dead one", () => {
  const text = "`src/domain/room.ts` `src/domain/` src/domain/missing.ts `tests/room.ts/`";
  deepEqual(deadPaths(planted(text)), ["src/domain/missing.ts", "tests/room.ts/"]);
});

Deno.test("the commands of the documentation run without an installed Deno, and their tasks exist", () => {
  assertNone(faultyCommands);
  ok(Deno.readTextFileSync(new URL("../.ci/run", import.meta.url)).includes(NPX_DENO));
});

Deno.test("the check of commands finds a bare one, another version and a missing task", () => {
  const text = "deno task dev\nnpx -y deno@2.9.5 task dev\nA=1 npx -y deno@2.9.6 task missing\n" +
    "npx -y deno@2.9.6 \\\n  task dev\n`task missing` `task test`\n`deno task` does the same";
  deepEqual(faultyCommands(planted(text)), [
    "deno task dev",
    "npx -y deno@2.9.5 task dev",
    "npx -y deno@2.9.6 task missing",
    "`task missing`",
  ]);
});

Deno.test("the names of settings, codes and states in the documentation are those of the code", () => {
  const code = ["src/", "tests/"]
    .flatMap((folder) => [...sourceTexts(new URL(`../${folder}`, import.meta.url))]).join("\n");
  assertNone((document) => unknownNames(document, code));
  deepEqual(
    unknownNames(planted("`QUEUE_CAPACITY` NO_SUCH_SETTING MY_VALUE=1; echo $MY_VALUE"), code),
    ["NO_SUCH_SETTING"],
  );
});

Deno.test("docs/settings.md has every setting, and no other", () => {
  const rows = settingRows(readDocument("docs/settings.md"));
  deepEqual([...rows.keys()].sort(), [...SETTING_NAMES].sort());
});

Deno.test("docs/settings.md gives the defaults and the highest values of the numbers", () => {
  const byDefault = parseConfig({}, () => "secret");
  let numbers = 0;
  for (const [name, [, value, highest]] of settingRows(readDocument("docs/settings.md"))) {
    if (!/^\d+$/.test(value!)) continue;
    numbers++;
    deepEqual(parseConfig({ [name]: value! }, () => "secret"), byDefault, name);
    const above = String(Number(highest) + 1);
    deepEqual([name, isValid(name, highest!), isValid(name, above)], [name, true, false]);
  }
  equal(numbers, 12);
});

Deno.test("docs/operating.md says of every problem code what to tell a fan, and of no other", () => {
  const section = sectionOf(readDocument("docs/operating.md"), "What to tell a fan");
  const codes = tableRows(section).flatMap(([cell]) => namesIn(cell!));
  deepEqual(codes.sort(), Object.keys(PROBLEMS).sort());
});

Deno.test("docs/pages.md has every member of the theme, and no other", () => {
  const section = sectionOf(readDocument("docs/pages.md"), "Your name, colours and words");
  const { colours, ...others } = theme;
  deepEqual(
    tableRows(section).flatMap(([cell]) => namesIn(cell!)).sort(),
    [...Object.keys(others), "colours", ...Object.keys(colours.light)].sort(),
  );
});

Deno.test("README.md links to every page of docs/", () => {
  const links = linksOf(readDocument("README.md"));
  const pages = readDocuments().map(({ path }) => path).filter((path) => path !== "README.md");
  deepEqual(pages.filter((path) => !links.includes(path)), []);
});

Deno.test("README.md has at most 150 lines", () => {
  const lines = readDocument("README.md").text.trimEnd().split("\n").length;
  ok(lines <= MAX_README_LINES, `it has ${lines}`);
});

interface Picture {
  readonly path: string;
  readonly alt: string;
}

function picturesOf({ text }: Document): Picture[] {
  return [...text.matchAll(/<img src="([^"]*)"[^>]* alt="([^"]*)"/g)]
    .map(([, path, alt]) => ({ path: path!, alt: alt! }));
}

/** Pictures that are not there, are large, or say nothing to whoever cannot see them. */
function faultyPictures(pictures: readonly Picture[]): string[] {
  return pictures.filter(({ path, alt }) =>
    !exists(path) || alt === "" ||
    Deno.statSync(new URL(`../${path}`, import.meta.url)).size > MAX_PICTURE_BYTES
  ).map(({ path }) => path);
}

Deno.test("README.md begins with pictures of the line and of the seat map, then the two commands", () => {
  const readme = readDocument("README.md");
  const [opening] = readme.text.split("\n## ");
  const pictures = picturesOf({ path: "README.md", text: opening! });
  deepEqual(pictures.map(({ path }) => path), [
    "docs/pictures/line.png",
    "docs/pictures/seats.png",
  ]);
  deepEqual(faultyPictures(pictures), []);
  const [first, second] = codeBlocks(readme);
  deepEqual([first!.text, second!.text], [
    `${NPX_DENO} task dev\n`,
    `${NPX_DENO} task test\n`,
  ]);
});

Deno.test("the check of pictures finds a missing one, a large one and one without words", () => {
  const text = '<img src="docs/missing.png" width="1" alt="words">\n' +
    '<img src="docs/openapi.json" width="1" alt="words">\n' +
    '<img src="docs/pictures/line.png" width="1" alt="">\n' +
    '<img src="docs/pictures/seats.png" width="1" alt="words">';
  deepEqual(faultyPictures(picturesOf(planted(text))), [
    "docs/missing.png",
    "docs/openapi.json",
    "docs/pictures/line.png",
  ]);
});

Deno.test({
  name: "scenario: the sale with curl in README.md prints what it says",
  ignore: !await areInstalled("bash"),
  async fn() {
    const section = sectionOf(readDocument("README.md"), "A sale with curl");
    const [starting, sale, printed] = codeBlocks({ path: "README.md", text: section });
    const capacity = /QUEUE_CAPACITY=(\d+) /.exec(starting!.text)![1]!;
    await using run = await start({ QUEUE_CAPACITY: capacity });
    deepEqual(await bash(sale!.text, run.base), { out: printed!.text, errors: "" });
  },
});

Deno.test({
  name: "scenario: the calls in docs/operating.md succeed, and the order of its draw is right",
  ignore: Deno.build.os !== "linux" || !await areInstalled("bash", "openssl", "sha256sum"),
  async fn() {
    const page = readDocument("docs/operating.md");
    const [starting, ...others] = codeBlocks(page).filter(({ language }) => language === "sh")
      .map(({ text }) => text);
    const adminToken = /ADMIN_TOKEN=(\S+) /.exec(starting!)![1]!;
    // More fans gather, and the operator opens the room, so that nobody waits for the minute.
    const open = `for fan in b c d e f; do
      curl -s $B/v1/queue/tokens -H "Authorization: Bearer $(sign_in $fan)" \\
        --json '{"room":"night-train"}'
    done
    curl -s -X PATCH $B/v1/admin/rooms/night-train -H "$OPERATOR" \\
      --json '{"state":"OPEN","endLobby":true}'\n`;
    const script = others.filter((text) => !text.includes(NPX_DENO))
      .map((text) => text.startsWith("SEED=") ? open + text : text).join("\n");
    ok(script.includes(open));
    await using run = await start({ ADMIN_TOKEN: adminToken });
    const { out, errors } = await bash(script, run.base);
    equal(errors, "");
    doesNotMatch(out, /"code":/);
    doesNotMatch(out, /\n\n/, "answers end in a newline, so no line is blank");
    match(out, /"items":\[\{"paymentId":"pay_[^}]+"userId":"bob"/);
    match(out, /^pay_[^,]+,rsv_[^,]+,bob,1,1,/m);
    match(out, /"total":1,"refunded":1,"amount":140000/);
    match(out, /"kind":"REFUND","amount":140000/);
    match(out, /"reason":"HELD"/);
    match(out, /\{"expired":0,"admitted":1\}/);
    match(out, /^the order is that of the seed$/m);
    match(out, /\{"balance":50000,"currency":"KRW"\}\n\{"erased":true\}\n$/);
  },
});

Deno.test("the receiver in docs/webhooks.md verifies the example of Standard Webhooks alone", async () => {
  const [code] = codeBlocks(readDocument("docs/webhooks.md"))
    .filter(({ language }) => language === "js");
  const lines = `import { Buffer } from "node:buffer";\n${code!.text}`;
  const { verify } = await import(`data:text/javascript,${encodeURIComponent(lines)}`);
  const body = '{"event_type":"ping","data":{"success":true}}';
  const headers = {
    "webhook-id": "msg_loFOjxBNrRLzqYUf",
    "webhook-timestamp": "1731705121",
    "webhook-signature": "v1,AAAA v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=",
  };
  const secret = "whsec_plJ3nmyCDGBKInavdOK15jsl";
  const nowMs = 1_731_705_121_000;
  equal(verify(secret, headers, body, nowMs), true);
  equal(verify(secret, headers, `${body} `, nowMs), false);
  equal(verify(secret, headers, body, nowMs + 301_000), false);
  equal(verify(secret, { ...headers, "webhook-id": "msg_other" }, body, nowMs), false);
  equal(verify("whsec_AAAA", headers, body, nowMs), false);
  equal(verify(secret, { ...headers, "webhook-timestamp": "soon" }, body, nowMs), false);
  equal(verify(secret, new Headers(headers), body, nowMs), true);
  for (const name of Object.keys(headers)) {
    const others = Object.entries(headers).filter(([other]) => other !== name);
    equal(verify(secret, Object.fromEntries(others), body, nowMs), false, name);
    equal(verify(secret, new Headers(others), body, nowMs), false, name);
  }
});

Deno.test("docs/webhooks.md has every type of event, and no other", () => {
  const rows = tableRows(sectionOf(readDocument("docs/webhooks.md"), "Events"));
  const types = rows.flatMap(([cell]) =>
    [...cell!.matchAll(/`([\w.]+)`/g)].map(([, type]) => type)
  );
  deepEqual(types.sort(), [...EVENT_TYPES].sort());
});

Deno.test({
  name: "scenario: the calls in docs/webhooks.md succeed",
  ignore: !await areInstalled("bash"),
  async fn() {
    const shell = (path: string) =>
      codeBlocks(readDocument(path)).filter(({ language }) => language === "sh")
        .map(({ text }) => text);
    const [starting, variables] = shell("docs/operating.md");
    const adminToken = /ADMIN_TOKEN=(\S+) /.exec(starting!)![1]!;
    await using run = await start({ ADMIN_TOKEN: adminToken });
    const script = [variables, ...shell("docs/webhooks.md")].join("\n");
    const { out, errors } = await bash(script, run.base);
    equal(errors, "");
    doesNotMatch(out, /"code":/);
    match(out, /"secret":"whsec_/);
    match(out, /\{"events":1,"nextSince":null\}/);
  },
});
