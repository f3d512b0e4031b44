import type { RoomId } from "../../../src/domain/ids.ts";
import { SEAL_MS } from "../../../src/domain/queue_bounds.ts";
import { FANS } from "./database.ts";
import { newFan } from "./fans.ts";
import { looksAround, moves } from "./moves.ts";
import { changesRoom } from "./operator.ts";
import { pries } from "./prying.ts";
import { makesRoom, QUIETLY, seesRoom } from "./room_operator.ts";
import { CRON_MS, runsCron, type Time } from "./time.ts";
import { newWeather } from "./wires.ts";
import type { World } from "./world.ts";

/** The call after that to PostgreSQL is the one that copies the rules. */
const COPY_LOST = { isolate: 0, fates: ["ANSWERED", "ANSWERED", "NEVER"] } as const;
const STEP_MS = 10_000;
const MAX_STEPS = 120;
/** The longest hold, and what its sweep waits for. */
const HOLDS_LAPSE_MS = 61_000;
const LAPSED = `select reservation_id from reservations
  where status = 'HELD' and expires_at <= $1::text::timestamptz`;
const UNFINISHED = "select refund_id from refund_jobs where finished_at is null";
const DELETED = "select room_id from rooms where deleted_at is not null";
const RULES = `select version::integer as version, capacity from rooms
  where room_id = $1::text`;

/** From here on nothing fails, and everything that was begun comes to its end. */
export async function everythingEndsWell(
  world: World,
  time: Time,
  look: () => Promise<void>,
): Promise<void> {
  const { scheduler, weather, clock, fans, laws, money, owners, rooms, stage } = world;
  await scheduler.drain();
  Object.assign(weather, newWeather());
  world.noise = 0;
  world.cronStopsUntilMs = -Infinity;
  // The operator has the last word. Where its copy for the line is lost, the cron repairs it.
  const losesCopies = world.random() < 0.3;
  const removed = await removedRooms(world);
  const ruled = rooms.filter(({ room }) => isUsed(world, room) || removed.has(room));
  for (const { room } of ruled) {
    if (removed.has(room)) await isThere(world, time, room);
    const change = { state: "OPEN", capacity: 50, admissionsPerMinute: null } as const;
    await changesRoom(world, room, change, losesCopies ? COPY_LOST : QUIETLY);
    await scheduler.drain();
  }
  await look();
  for (const room of ruled) await looksAround(world, newFan(FANS, room), QUIETLY);
  for (const fan of fans) {
    if (fan.isAbsent) continue;
    if (fan.token !== null) fan.nextMs = clock() + 1_000;
  }
  const callers = fans.filter(({ isAbsent, token }) => !isAbsent && token !== null);
  const waiting = () =>
    callers.filter(({ token, state, isOver }) => token !== null && state !== "ADMITTED" && !isOver);
  for (let step = 0; step < MAX_STEPS && waiting().length > 0; step++) await time.pass(STEP_MS);
  laws.check(
    "progress: whoever still polls gets through, or is told that it is over",
    waiting().length === 0,
    () => waiting().map(({ name, state }) => `${name} is ${state}`).join(", "),
  );
  for (const fan of fans) fan.nextMs = Infinity;
  if (losesCopies) {
    await time.pass(CRON_MS);
    // The cron leaves empty rooms alone: there the next join checks the rules.
    for (const room of ruled) await visits(world, room);
  }
  await checkRules(world, ruled);
  for (const room of ruled) await pry(world, room);
  // Nobody acts any more. The last fan's visit keeps the sale going while its holds lapse.
  await moves(world, fans[0]!, 0, QUIETLY);
  await scheduler.drain();
  await scheduler.pass(HOLDS_LAPSE_MS);
  runsCron(world, QUIETLY);
  await scheduler.drain();
  await checkRows(world);
  await money.check(stage.database.sql, laws, owners);
}

/** A room that the operator has deleted is made anew. The line has the rules of all. */
async function isThere(world: World, time: Time, room: RoomId): Promise<void> {
  const { witness } = world.redis.rooms.get(room)!;
  const deleted = await world.stage.database.sql(DELETED, []);
  if (deleted.some(({ room_id }) => room_id === room)) {
    await makesRoom(world, room, false, QUIETLY);
  } // The database may be of a time before the removal, whose seal keeps its rules out for a minute.
  else if (witness.seal) await time.pass(SEAL_MS);
  await world.scheduler.drain();
  if (witness.epoch === null) await seesRoom(world, room, QUIETLY);
  await world.scheduler.drain();
}

/** A stranger without a place tries to get what others have. */
async function pry(world: World, room: World["rooms"][number]): Promise<void> {
  await pries(world, newFan(FANS - 2, room), Math.floor(world.random() * 10_000), QUIETLY);
  await world.scheduler.drain();
}

async function visits(world: World, room: World["rooms"][number]): Promise<void> {
  await moves(world, newFan(FANS - 1, room), 0, QUIETLY);
  await world.scheduler.drain();
}

/** Whether anybody came to the room. */
function isUsed({ redis }: World, room: RoomId): boolean {
  const { witness } = redis.rooms.get(room)!;
  return witness.epoch !== null || witness.period.calls > 0;
}

/** The rooms with somebody in them that the records or the line take for deleted. */
async function removedRooms(world: World): Promise<Set<RoomId>> {
  const rows = await world.stage.database.sql(DELETED, []);
  const deleted = new Set(rows.map(({ room_id }) => room_id));
  const isGone = (room: RoomId) =>
    deleted.has(room) || world.redis.rooms.get(room)!.witness.seal !== null;
  const isMissed = (room: RoomId) =>
    isUsed(world, room) ||
    world.fans.some(({ token, room: { room: own } }) => token !== null && own === room);
  return new Set(
    world.rooms.map(({ room }) => room).filter((room) => isGone(room) && isMissed(room)),
  );
}

/** L8: the line follows the operator's last rules. */
async function checkRules(
  { laws, redis, stage }: World,
  ruled: World["rooms"],
): Promise<void> {
  for (const { room } of ruled) {
    const counts = await redis.line.queue.counts(room);
    const [row] = await stage.database.sql(RULES, [room]);
    laws.check(
      "L8: every rule in force is the operator's last",
      counts === null || (counts.rulesVersion === row!["version"] &&
        counts.rules.state === "OPEN" && counts.rules.capacity === row!["capacity"]),
      () => `${room}: ${JSON.stringify(counts)}, and ${JSON.stringify(row)} in PostgreSQL`,
    );
  }
}

async function checkRows({ laws, clock, office, stage: { database: { sql } } }: World) {
  const now = new Date(clock()).toISOString();
  const lapsed = await sql(LAPSED, [now]);
  laws.check("progress: every lapsed hold is free", lapsed.length === 0, () => {
    return lapsed.map(({ reservation_id }) => reservation_id).join();
  });
  const held = office.versions.at(-1)!.dates.filter(({ seats }) =>
    seats.some((seat) => seat > clock())
  );
  laws.check("progress: no seat stays held", held.length === 0, () => JSON.stringify(held));
  const jobs = await sql(UNFINISHED, []);
  laws.check("progress: every refund comes to its end", jobs.length === 0, () => {
    return jobs.map(({ refund_id }) => refund_id).join();
  });
}
