import assert from "node:assert/strict";
import { newFan } from "../support/api_box.ts";
import { openBox } from "../support/box.ts";
import { openTestDatabase } from "../support/embedded_database.ts";
import { changeRoom, joinRoom, makeRoom } from "../support/room.ts";

/** The row of a room as it was before some changes. */
const RESTORE = `
  update rooms set version = 1, state = 'CLOSED', opens_by_itself = true, ends_gathering = false
    where room_id = $1`;

Deno.test("after PostgreSQL was restored a change of a room is followed at once (L8)", async () => {
  const { sql, close } = await openTestDatabase();
  try {
    const box = openBox(sql);
    const room = await makeRoom(box, { state: "CLOSED" });
    for (const capacity of [5, 6]) await changeRoom(box, room, { state: "OPEN", capacity });
    await sql(RESTORE, [room]);

    const path = `/v1/admin/rooms/${room}`;
    const { body } = await box.call("GET", path, { operator: true });
    assert.deepEqual([body.state, body.version, body.followedVersion], ["CLOSED", 1, 3]);
    // The state is CLOSED already, but the line follows another one.
    const closed = (await changeRoom(box, room, { state: "CLOSED" })).body;
    assert.deepEqual([closed.version, closed.followedVersion], [4, 4]);
    assert.equal((await joinRoom(box, room, newFan("a"))).body.code, "LINE_CLOSED");
  } finally {
    await close();
  }
});
