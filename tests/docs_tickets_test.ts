import { deepEqual, doesNotMatch, equal, match, ok } from "node:assert/strict";
import { createSigningKeys } from "../src/adapters/node_crypto/signing_keys.ts";
import { createTicketCodes } from "../src/application/ticket_codes.ts";
import type { ScheduleId } from "../src/domain/ids.ts";
import { codeBlocks, readDocument } from "./support/documents.ts";
import { areInstalled, bash } from "./support/docs_shell.ts";
import { type Run, signIn, start } from "./support/local_run.ts";

const PRINTED_BASE = "https://tickets.example.com";
const [ONE, TWO] = ["1".repeat(64), "2".repeat(64)] as const;

type Check = (code: unknown, scheduleId: number) => Promise<string | null>;

/** The function that the page gives to doors without the network, with the keys of a server. */
async function documentedCheck(base: string): Promise<Check> {
  const { text } = codeBlocks(readDocument("docs/tickets.md"))
    .find(({ language }) => language === "js")!;
  ok(text.includes(PRINTED_BASE));
  const script = `${text.replace(PRINTED_BASE, base)}\nexport { check };`;
  const { check } = await import(`data:text/javascript,${encodeURIComponent(script)}`);
  return check;
}

/** A ticket for the first seat of the demo sale. */
async function buyTicket(run: Run) {
  const user = await signIn(run, "alice");
  const { body: { token: place } } = await run.call("POST", "/v1/queue/tokens", { user });
  const held = await run.call("POST", "/v1/reservations", {
    user,
    place,
    json: { concertId: 1, scheduleId: 1, seatIds: [1] },
  });
  await run.call("POST", "/v1/balance/charges", { user, key: "c", json: { amount: 200_000 } });
  const reservationIds = [held.body.reservations[0].reservationId];
  await run.call("POST", "/v1/payments", { user, key: "p", json: { reservationIds } });
  return (await run.call("GET", "/v1/tickets", { user })).body.items[0];
}

Deno.test("the check of codes in docs/tickets.md takes those of the server, and no other", async () => {
  await using run = await start({ SIGNING_KEY: `${TWO},${ONE}` });
  const { code, ticketId, scheduleId } = await buyTicket(run);
  const check = await documentedCheck(run.base);
  equal(await check(code, scheduleId), ticketId);
  const ticket = { ticketId, scheduleId: scheduleId as ScheduleId };
  const codeOf = (seed: string) => createTicketCodes(createSigningKeys([seed])).codeOf(ticket);
  equal(codeOf(TWO), code);
  equal(await check(codeOf(ONE), scheduleId), ticketId, "of the key before");
  const others = [
    "",
    "x",
    code.slice(0, -1),
    `${code}A`,
    code.replace(ticketId, "tkt_other"),
    code.replace(/\.1\./, ".2."),
    codeOf("3".repeat(64)),
  ];
  deepEqual(
    await Promise.all(others.map((other) => check(other, scheduleId))),
    others.map(() => null),
  );
  equal(await check(code, scheduleId + 1), null, "of another date");
});

Deno.test({
  name: "scenario: the calls in docs/tickets.md sell a ticket and let it in",
  ignore: !await areInstalled("bash"),
  async fn() {
    const shell = (path: string) =>
      codeBlocks(readDocument(path)).filter(({ language }) => language === "sh")
        .map(({ text }) => text);
    const [, variables] = shell("docs/operating.md");
    const [starting, ...calls] = shell("docs/tickets.md");
    const [, ADMIN_TOKEN, DOOR_TOKEN] = /ADMIN_TOKEN=(\S+) DOOR_TOKEN=(\S+) /.exec(starting!)!;
    await using run = await start({ ADMIN_TOKEN: ADMIN_TOKEN!, DOOR_TOKEN: DOOR_TOKEN! });
    const { out, errors } = await bash([variables, ...calls].join("\n"), run.base);
    equal(errors, "");
    doesNotMatch(out, /"status":\d/);
    match(out, /"status":"VALID","checkedInAt":null,"door":null/);
    match(out, /"status":"CHECKED_IN","checkedInAt":"[^"]+","door":"Gate 3"[^}]*\}\n$/);
  },
});
