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
const LOOK_INTERVAL_MS = 50;
/** A crowd that waits for no hold to lapse, and has every fault of a client. */
const SEED = 1_482;

interface RushRoom {
  readonly room: string;
  readonly gathered: number;
  readonly waiting: number;
  readonly admitted: number;
}

// deno-lint-ignore no-explicit-any -- The bodies are those of the API.
async function read(base: string, path: string): Promise<any> {
  const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` };
  return await (await fetch(`${base}/v1/admin/${path}`, { headers })).json();
}

async function rushRoomsOf(base: string): Promise<RushRoom[]> {
  const { rooms } = await read(base, "rooms");
  return rooms.filter(({ room }: RushRoom) => room.startsWith("rush-"));
}

/** What a rush left on the server: the status of its concert, and the number of its rooms. */
async function tracesOf(base: string, concertId = RUSH_CONCERT) {
  const { status } = await read(base, `concerts/${concertId}`);
  return { status, rooms: (await rushRoomsOf(base)).length };
}

Deno.test("a small crowd breaks no rule, and its concert and room are taken back", async () => {
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
    assert.match(text, /^LAWS$[^]*No rule of the contract was broken[^]*^OUTCOME$[^]*^SPEED$/m);
    const { figures, violations } = JSON.parse(await Deno.readTextFile(json));
    assert.deepEqual([violations, figures.joined], [[], 24]);
    assert.ok(figures.sold > 0 && figures.sold <= 8, text);
    assert.deepEqual(await tracesOf(server.base), { status: "WITHDRAWN", rooms: 0 });
  } finally {
    await server.stop();
    await Deno.remove(folder, { recursive: true });
  }
});

/** Fans who stay in line, and seats for a sale of minutes. */
const LONG_RUSH = ["--fans", "40", "--seats", "400", "--think-seconds", "20", "--no-shows", "30"];

Deno.test("a rush that is interrupted takes back what it put on sale, also before its opening", async () => {
  const server = await startTestServer();
  let rush: Deno.ChildProcess | null = null;
  try {
    for (const [index, more] of [[], ["--lobby", "60"]].entries()) {
      rush = spawnRush(["--base", server.base, ...LONG_RUSH, ...more], RUSH_ENVIRONMENT);
      const ended = awaitRush(rush);
      let places = 0;
      while (places < 10) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_INTERVAL_MS));
        const [room] = await rushRoomsOf(server.base);
        places = room ? room.gathered + room.waiting + room.admitted : 0;
      }
      rush.kill("SIGINT");
      const { code, text } = await ended;
      rush = null;
      assert.equal(code, 130, text);
      assert.match(text, /The rush was stopped\. Nothing was checked\./);
      const taken = { status: "WITHDRAWN", rooms: 0 };
      assert.deepEqual(await tracesOf(server.base, RUSH_CONCERT + index), taken, text);
    }
  } finally {
    rush?.kill("SIGKILL");
    await server.stop();
  }
});

Deno.test("a rush that is told to keep its sale leaves concert and room", async () => {
  const server = await startTestServer();
  try {
    const { code, text } = await awaitRush(spawnRush([
      ...["--base", server.base, "--fans", "4", "--seats", "40", "--keep"],
      ...["--think-seconds", "0.05", "--seed", String(SEED)],
    ], RUSH_ENVIRONMENT));
    assert.equal(code, 0, text);
    assert.match(text, /Note: The room rush-\w+ and its concert are kept\./);
    assert.deepEqual(await tracesOf(server.base), { status: "ON_SALE", rooms: 1 });
  } finally {
    await server.stop();
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
