import { deepEqual, equal } from "node:assert/strict";
import { admissionIssuer, AUDIENCE, ISSUER, ONE, ROOM, TWO } from "./client/middleware/issuer.ts";
import { documentedCheck, programOf } from "./support/documented_check.ts";
import { codeBlocks, readDocument } from "./support/documents.ts";
import { type Run, signIn, start } from "./support/local_run.ts";

/** An admission that the server itself issued, to the room main. */
async function issuedBy(run: Run): Promise<string> {
  const user = await signIn(run, "alice");
  const { body: { token: place } } = await run.call("POST", "/v1/queue/tokens", { user });
  const issued = await run.call("POST", "/v1/queue/admissions", { user, place });
  return issued.body.admission;
}

for (const language of ["js", "python", "php", "go"]) {
  const program = await programOf(language);
  Deno.test({
    name: `scenario: the check of admissions in docs/admissions.md in ${language}`,
    ignore: program === null,
    async fn() {
      await using run = await start({
        ADMISSION_AUDIENCES: AUDIENCE,
        ADMISSION_ISSUER: ISSUER,
        ADMISSION_SUBJECT: "user",
        SIGNING_KEY: `${TWO},${ONE}`,
      });
      const keysUrl = `${run.base}/.well-known/jwks.json`;
      const check = (room: string, texts: string[]) =>
        documentedCheck(language, program!, { keysUrl, room, texts });
      const issued = await issuedBy(run);
      const { issue, forgeries } = admissionIssuer(Date.now());
      deepEqual(await check("main", [issued, await issue()]), ["alice", null]);
      const refused = await forgeries();
      const texts = [await issue(), issued, ...refused.map(([, text]) => text)];
      const [real, ofMain, ...others] = await check(ROOM, texts);
      deepEqual([real, ofMain], ["a-pseudonym", null], "of the key before, and of another room");
      const letIn = refused.filter((_, index) => others[index] !== null).map(([name]) => name);
      deepEqual([others.length, letIn], [refused.length, []]);
    },
  });
}

Deno.test("docs/admissions.md has the check in four languages", () => {
  const languages = codeBlocks(readDocument("docs/admissions.md")).map(({ language }) => language);
  for (const language of ["js", "python", "php", "go"]) {
    equal(languages.includes(language), true, language);
  }
});
