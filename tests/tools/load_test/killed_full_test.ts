import assert from "node:assert/strict";
import { freePort } from "../../../src/tools/local_cloud/free_port.ts";
import { type Run, start } from "../../support/local_run.ts";
import { awaitRush, spawnRush } from "./run_rush.ts";

const KILLS = 3;
/** A third kill at a fifth of the sale is long before its end. */
const SEATS = 60;
const SOLD_BETWEEN_KILLS = 4;
const OPERATOR = "operator-token";
/** The demo sale has concert 1. */
const RUSH_CONCERT = 2;
const LOOK_INTERVAL_MS = 50;
/** Only a crowd that hangs takes longer. */
const MAX_SECONDS = "1200";

async function countSoldSeats(run: Run): Promise<number> {
  const path = `/v1/admin/concerts/${RUSH_CONCERT}`;
  const { status, body } = await run.call("GET", path, { user: OPERATOR });
  if (status !== 200) return 0;
  return body.schedules.reduce(
    (sum: number, schedule: { seatCount: number; seatsLeft: number }) =>
      sum + schedule.seatCount - schedule.seatsLeft,
    0,
  );
}

Deno.test("a rush ends well through kill -9 and restarts, and no acknowledged act is lost", async () => {
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
  const rush = spawnRush([
    ...["--base", run.base, "--fans", "120", "--seats", String(SEATS)],
    ...["--think-seconds", "0.3", "--seed", "7", "--max-seconds", MAX_SECONDS],
  ], { ADMIN_TOKEN: OPERATOR });
  const ended = awaitRush(rush);
  let isOver = false;
  void ended.then(() => isOver = true);
  try {
    for (let kill = 1; kill <= KILLS; kill++) {
      while (!isOver && await countSoldSeats(run) < kill * SOLD_BETWEEN_KILLS) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_INTERVAL_MS));
      }
      if (isOver) assert.fail(`the rush ended before kill ${kill}: ${(await ended).text}`);
      await run.stop("SIGKILL");
      run = await start(settings);
    }
    const { code, text } = await ended;
    assert.equal(code, 0, text);
    assert.match(text, /No rule of the contract was broken/);
  } finally {
    if (!isOver) rush.kill("SIGKILL");
    await run.stop("SIGKILL");
    await Deno.remove(folder, { recursive: true });
  }
});
