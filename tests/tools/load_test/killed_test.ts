import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { freePort } from "../../../src/tools/local_cloud/free_port.ts";
import { type Run, start } from "../../support/local_run.ts";
import { runArguments } from "../../../src/tools/run_arguments.ts";

const RUSH = fileURLToPath(new URL("../../../src/tools/load_test/main.ts", import.meta.url));
const KILLS = 3;
const SOLD_BETWEEN_KILLS = 8;
const OPERATOR = "operator-token";
/** The demo sale is the first concert; the rush puts its own on offer. */
const CONCERT = 2;

async function soldSeats(run: Run): Promise<number> {
  const { status, body } = await run.call("GET", `/v1/admin/concerts/${CONCERT}`, {
    user: OPERATOR,
  });
  if (status !== 200) return 0;
  return body.schedules.reduce(
    (sum: number, date: { seatCount: number; seatsLeft: number }) =>
      sum + date.seatCount - date.seatsLeft,
    0,
  );
}

Deno.test("a rush goes on through kill -9 and restarts of the run, and nothing it was told is lost", async () => {
  const folder = await Deno.makeTempDir();
  const settings = {
    PORT: String(freePort()),
    DATA_DIR: folder,
    ADMIN_TOKEN: OPERATOR,
    QUEUE_CAPACITY: "15",
    POLL_MIN_SECONDS: "1",
    POLL_MAX_SECONDS: "2",
    SHOW_UP_SECONDS: "1",
    HOLD_TTL_SECONDS: "5",
    ADMISSION_TTL_SECONDS: "30",
  };
  let run = await start(settings);
  const rush = new Deno.Command(Deno.execPath(), {
    args: runArguments(RUSH, "--base", run.base, "--fans", "120", "--seats", "60")
      .concat(["--think-seconds", "0.3", "--seed", "7", "--max-seconds", "120"]),
    env: { ADMIN_TOKEN: OPERATOR, NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const ended = rush.output();
  let over = false;
  void ended.then(() => over = true);
  try {
    for (let kill = 1; kill <= KILLS; kill++) {
      while (!over && await soldSeats(run) < kill * SOLD_BETWEEN_KILLS) {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      assert.ok(!over, "the sale is to be killed before its end");
      await run.stop("SIGKILL");
      run = await start(settings);
    }
    const { code, stdout, stderr } = await ended;
    const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    assert.equal(code, 0, text);
    assert.match(text, /No law of the contract was broken/);
  } finally {
    if (!over) rush.kill("SIGKILL");
    await run.stop("SIGKILL");
    await Deno.remove(folder, { recursive: true });
  }
});
