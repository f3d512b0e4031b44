import assert from "node:assert/strict";
import { runFalsified } from "./falsified.ts";
import { awaitRush, spawnRush } from "./run_rush.ts";

/** Endings after which seats may stay unsold. */
const LEFT_EARLY = ["gave up", "lost the place", "walked away", "closed the tab"];

Deno.test("a crowd on the rush's own server breaks no rule", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [json, svg] = [`${folder}/rush.json`, `${folder}/rush.svg`];
    const { code, text } = await awaitRush(spawnRush([
      ...["--fans", "60", "--seats", "20", "--capacity", "10", "--no-shows", "10"],
      ...["--think-seconds", "0.1", "--seed", "334", "--json", json, "--svg", svg],
    ]));
    assert.equal(code, 0, text);
    assert.match(text, /No rule of the contract was broken/);
    const { figures, violations, samples } = JSON.parse(await Deno.readTextFile(json));
    assert.deepEqual([violations, figures.joined], [[], 60]);
    const leftEarly = LEFT_EARLY.some((ending) => ending in figures.endings);
    assert.ok(figures.sold === 20 || (leftEarly && figures.sold > 0), text);
    assert.equal(figures.moneyIn - figures.moneyOut, figures.balancesLeft);
    assert.ok(figures.mostAdmitted > 0 && figures.mostAdmitted <= 10);
    assert.ok(samples.length > 3);
    const chart = await Deno.readTextFile(svg);
    assert.match(chart, /^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    for (const label of ["waiting", "admitted", "seats sold", "opening"]) {
      assert.ok(chart.includes(label));
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a rush fails and names the rules that a server breaks", async () => {
  const { code, text } = await runFalsified((path, body) => {
    if (path === "/v1/admin/queue") {
      body.admitted = body.capacity + 1;
      body.admittedLastMinute = 1_001;
    }
    if (path.startsWith("/v1/admin/fans/")) body.balance += 1;
  }, ["--seats", "6", "--per-minute", "1000"]);
  assert.equal(code, 1, text);
  assert.match(text, /L1: 6 were admitted at once, and the capacity is 5/);
  assert.match(text, /L6: an operator's answer shows 1001 admissions in a minute, and the rate is/);
  assert.match(text, /B3: rush-\w+-0 has a balance of/);
  assert.match(text, /BROKEN, 10 times/, "L1, L6 and eight wrong balances");
});
