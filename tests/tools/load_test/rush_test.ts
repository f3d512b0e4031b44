import assert from "node:assert/strict";
import {
  ADMIN_TOKEN,
  awaitRush,
  RUSH_ENVIRONMENT,
  spawnRush,
  startTestServer,
} from "./run_rush.ts";

/** The demo sale of the server has concert 1. */
const RUSH_CONCERT = 2;
/** A crowd that waits for no hold to lapse, and has every fault of a client. */
const SEED = 1_482;

Deno.test("a small crowd breaks no rule, and its concert is withdrawn afterwards", async () => {
  const folder = await Deno.makeTempDir();
  const server = await startTestServer();
  try {
    const json = `${folder}/rush.json`;
    const rush = spawnRush([
      ...["--base", server.base, "--fans", "24", "--seats", "8", "--json", json],
      ...["--think-seconds", "0.05", "--seed", String(SEED)],
    ], RUSH_ENVIRONMENT);
    const { code, text } = await awaitRush(rush);
    assert.equal(code, 0, text);
    assert.match(text, /No rule of the contract was broken/);
    const { figures, violations } = JSON.parse(await Deno.readTextFile(json));
    assert.deepEqual([violations, figures.joined], [[], 24]);
    assert.ok(figures.sold > 0 && figures.sold <= 8, text);
    const response = await fetch(`${server.base}/v1/admin/concerts/${RUSH_CONCERT}`, {
      headers: { Authorization: `Bearer ${ADMIN_TOKEN}` },
    });
    assert.equal((await response.json()).status, "WITHDRAWN");
  } finally {
    await server.stop();
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("bad options, a missing ADMIN_TOKEN and a missing server are named", async () => {
  const [badOption, noToken, noServer] = await Promise.all([
    awaitRush(spawnRush(["--fans", "none"])),
    awaitRush(spawnRush(["--base", "http://127.0.0.1:1"], { ADMIN_TOKEN: "" })),
    awaitRush(spawnRush(["--base", "http://127.0.0.1:1"], RUSH_ENVIRONMENT)),
  ]);
  assert.equal(badOption.code, 2);
  assert.match(badOption.text, /--fans must be a whole number/);
  assert.equal(noToken.code, 2);
  assert.match(noToken.text, /--base needs ADMIN_TOKEN/);
  assert.equal(noServer.code, 1);
  assert.match(noServer.text, /no server answers at http:\/\/127\.0\.0\.1:1$/m);
});
