import assert from "node:assert/strict";
import { freePort } from "../../../src/tools/local_cloud/free_port.ts";
import type { OwnServer } from "../../../src/tools/load_test/own_server.ts";
import {
  ADMIN_TOKEN,
  awaitRush,
  RUSH_ENVIRONMENT,
  spawnRush,
  startTestServer,
} from "./run_rush.ts";

const KILLS = 3;
/** A third kill at a fifth of the sale is long before its end. */
const SEATS = 60;
const CAPACITY = 15;
const SOLD_BETWEEN_KILLS = 4;
/** The demo sale has concert 1. */
const RUSH_CONCERT = 2;
const LOOK_INTERVAL_MS = 50;
/** Only a crowd that hangs takes longer. */
const MAX_SECONDS = "1200";

async function countSoldSeats({ base }: OwnServer): Promise<number> {
  const response = await fetch(`${base}/v1/admin/concerts/${RUSH_CONCERT}`, {
    headers: { Authorization: `Bearer ${ADMIN_TOKEN}` },
  });
  const { schedules = [] } = await response.json();
  return schedules.reduce(
    (sum: number, schedule: { seatCount: number; seatsLeft: number }) =>
      sum + schedule.seatCount - schedule.seatsLeft,
    0,
  );
}

Deno.test("a rush ends well through kill -9 and restarts, and no acknowledged act is lost", async () => {
  const folder = await Deno.makeTempDir();
  const settings = { PORT: String(freePort()), DATA_DIR: folder, POLL_MAX_SECONDS: "2" };
  let server = await startTestServer(CAPACITY, settings);
  const rush = spawnRush([
    ...["--base", server.base, "--fans", "120", "--seats", String(SEATS)],
    ...["--think-seconds", "0.3", "--seed", "7", "--max-seconds", MAX_SECONDS],
  ], RUSH_ENVIRONMENT);
  const ended = awaitRush(rush);
  let isOver = false;
  void ended.then(() => isOver = true);
  try {
    for (let kill = 1; kill <= KILLS; kill++) {
      while (!isOver && await countSoldSeats(server) < kill * SOLD_BETWEEN_KILLS) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_INTERVAL_MS));
      }
      if (isOver) assert.fail(`the rush ended before kill ${kill}: ${(await ended).text}`);
      await server.stop("SIGKILL");
      server = await startTestServer(CAPACITY, settings);
    }
    const { code, text } = await ended;
    assert.equal(code, 0, text);
    assert.match(text, /No rule of the contract was broken/);
  } finally {
    if (!isOver) rush.kill("SIGKILL");
    await server.stop("SIGKILL");
    await Deno.remove(folder, { recursive: true });
  }
});
