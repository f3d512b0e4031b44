import { deepEqual, equal, ok } from "node:assert/strict";
import { BODY_DEADLINE_MS } from "../../src/http/pipeline/body.ts";
import { openBox } from "../support/box.ts";
import { openTestDatabase } from "../support/embedded_database.ts";
import { sleep } from "../support/wait.ts";
import { openRawSocket } from "../tools/local_cloud/http/raw_socket.ts";
import { explode, MIB } from "./bombs.ts";
import { needsOf } from "./needs.ts";
import { codesOf, startRawServer, statusesOf } from "./raw_server.ts";
import { openAttackWorld } from "./world.ts";

const DRIP_MS = 1_000;
/** What the routes take at most is 16; those take two minutes. */
const BOMB_MIB = Number(Deno.env.get("STANCHION_BOMB_MIB") ?? 2);

Deno.test(`routes of operators that take 16 MiB refuse bombs of ${BOMB_MIB} MiB`, async () => {
  const attacked = await openAttackWorld();
  const names = ["createConcert", "addSeats"];
  const large = attacked.document.operations.filter(({ operationId }) =>
    names.includes(operationId)
  );
  equal(large.length, names.length);
  for (const operation of large) {
    deepEqual(needsOf(operation).bearers, ["operatorToken"], "nobody else may send so much");
    await explode(attacked, operation, BOMB_MIB * MIB);
  }
  deepEqual(attacked.box.reports, []);
  await attacked.close();
});

Deno.test("the local server ends a body that drips at the deadline, with an answer", async () => {
  const database = await openTestDatabase();
  const box = openBox(database.sql);
  const server = startRawServer(box);
  const socket = await openRawSocket(server.port);
  const token = await box.userToken("slow");
  const headers = ["Host: localhost", "Content-Type: application/json", "Content-Length: 60000"];
  const head = [
    `POST /v1/payments HTTP/1.1`,
    ...headers,
    `Authorization: Bearer ${token}`,
    "",
    "{",
  ];
  const startedMs = performance.now();
  await socket.send(head.join("\r\n"));
  let ended = false;
  const answering = socket.readUntil("}").finally(() => ended = true);
  while (!ended) {
    await sleep(DRIP_MS);
    await socket.send(" ").catch(() => {});
  }
  const answer = await answering;
  deepEqual([statusesOf(answer), codesOf(answer)], [[400], ["MALFORMED_JSON"]]);
  ok(performance.now() - startedMs >= BODY_DEADLINE_MS);
  socket.close();
  await server.close();
  await database.close();
});
