import assert from "node:assert/strict";
import type { Sql } from "../../src/adapters/postgres/sql.ts";
import type { ApiBox, Received } from "./api_box.ts";

// As a replica, because a foreign key would keep the room while anything refers to it.
const DELETE_MAIN = `
  do $$ begin
    perform set_config('session_replication_role', 'replica', true);
    delete from draws where room_id = 'main';
    delete from rooms where room_id = 'main';
  end $$`;

/** Deletes the room main, which the next call for it creates with the settings of that call. */
export async function deleteMainRoom(sql: Sql): Promise<void> {
  await sql(DELETE_MAIN, []);
}

let rooms = 0;
const run = crypto.randomUUID().slice(0, 8);

/** A room whose name no other test knows, though many tests share one database. */
export function newRoomName(): string {
  return `room-${run}-${++rooms}`;
}

/** Makes a room of its own through the API and gives its name. */
export async function makeRoom(box: ApiBox, settings: object = {}): Promise<string> {
  const room = newRoomName();
  const json = { room, ...settings };
  const made = await box.call("POST", "/v1/admin/rooms", { operator: true, json });
  assert.equal(made.status, 201, made.text);
  return room;
}

export async function changeRoom(box: ApiBox, room: string, json: object): Promise<Received> {
  const changed = await box.call("PATCH", `/v1/admin/rooms/${room}`, { operator: true, json });
  assert.equal(changed.status, 200, changed.text);
  return changed;
}

/** Joins a room's line. */
export function joinRoom(box: ApiBox, room: string, fan: string): Promise<Received> {
  return box.call("POST", "/v1/queue/tokens", { fan, json: { room } });
}

/** The standing of a place. */
export async function standing(box: ApiBox, place: string) {
  return (await box.call("GET", "/v1/queue/tokens/me", { place })).body;
}

/** The states of some places, in one text. */
export async function states(box: ApiBox, places: readonly string[]): Promise<string> {
  const found: string[] = [];
  for (const place of places) found.push((await standing(box, place)).state);
  return found.join(" ");
}

/** Lets the time pass after which every answer to a far fan is newer than what was done so far. */
export function passFront(box: ApiBox): void {
  box.clock.advance(1_000);
}

/** Polls these places until nobody can rejoin in front any more after a reset. */
export async function passReset(box: ApiBox, places: readonly string[]): Promise<void> {
  for (let poll = 0; poll < 3; poll++) {
    box.clock.advance(45_000);
    await states(box, places);
  }
}
