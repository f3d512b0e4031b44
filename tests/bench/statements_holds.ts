import { pick } from "../adapters/postgres/race.ts";
import { seededRandom } from "../support/random.ts";
import {
  CTE_BEHIND_LOOK,
  HOLD_CANDIDATES,
  type HoldCandidate,
  ONE_CTE,
  ORDERED,
  TRAPS,
} from "./statements_candidates.ts";
import { RAW_UPDATE, type Section, sum, tell } from "./statements_figures.ts";
import { type Act, type BenchSize, groups, load, type Slice } from "./statements_load.ts";
import {
  type BenchOffice,
  FANS,
  placesOf,
  reset,
  schedulesOf,
  warmUp,
} from "./statements_office.ts";
import { holdRivals } from "./statements_rivals.ts";

export const SEATS_A_HOLD = 2;
/** The seats, and a reservation for each. */
const ROWS_A_HOLD = 2 * SEATS_A_HOLD;
export const HOLD_TTL_MS = 300_000;
const SEAT_LIMIT = 50;
const CROWD_SEATS = 12;
/** Short enough that holds of the crowd lapse all the time, by PostgreSQL's own clock. */
const CROWD_TTL_MS = 20;
const SEED = 20_300_101;
/** Two holds of one seat at the same time; a hold that was marked lapsed had lapsed. */
const DOUBLE_HOLDS = `
  select count(*)::integer as count from reservations a join reservations b
    on b.seat_id = a.seat_id and b.reservation_id > a.reservation_id
    where a.schedule_id = 1 and a.created_at < b.expires_at and b.created_at < a.expires_at`;

const RAW =
  `update seats set held_until = clock_timestamp() + interval '1 millisecond' * $2::text::bigint
  where seat_id = any ($1::text::bigint[])`;

/** Holds of wishes by number, by one candidate. */
type Holding = (wishOf: (call: number) => readonly string[], ttlMs: number) => Act;

let reservations = 0;
const newIds = (count: number) => Array.from({ length: count }, () => `rsv-${++reservations}`);

function byCandidate({ text }: HoldCandidate): Holding {
  return (wishOf, ttlMs) => async (session, call) => {
    const wish = wishOf(call);
    const ids = newIds(wish.length);
    const params = [`fan-${call % FANS + 1}`, `{${wish}}`, `{${ids}}`, String(ttlMs)];
    const won = Number((await session.query(text, params)).rows[0].won);
    return won === 0 ? "refused" : won === wish.length ? "done" : "partial";
  };
}

/** The function of that name as `bookings.ts` calls it, with all that a hold must do. */
export function holdByFunction(name: string, scheduleOf: (seatId: string) => number): Holding {
  return (wishOf, ttlMs) => async (session, call) => {
    const wish = wishOf(call);
    const ids = newIds(wish.length);
    const schedule = scheduleOf(wish[0]!);
    const order = {
      fan: `fan-${call % FANS + 1}`,
      place: { room: "main", epoch: "epoch", order: call },
      // Each concert has one schedule, and they were made in the same order.
      concertId: schedule,
      scheduleId: schedule,
      seats: wish.map((seatId, at) => ({ seatId: Number(seatId), reservationId: ids[at] })),
      holdTtlMs: ttlMs,
      seatLimit: SEAT_LIMIT,
      now: null,
    };
    const text = `select ${name}($1::text::jsonb)::text as result`;
    const { rows } = await session.query(text, [JSON.stringify(order)]);
    const { answer } = JSON.parse(rows[0].result);
    if (!answer) return "refused";
    return JSON.parse(answer).reservations.length === wish.length ? "done" : "partial";
  };
}

function rawUpdate(): Holding {
  return (wishOf, ttlMs) => async (session, call) => {
    await session.query(RAW, [`{${wishOf(call)}}`, String(ttlMs)]);
    return "done";
  };
}

function contenders(office: BenchOffice, candidates: readonly HoldCandidate[]) {
  const scheduleOf = schedulesOf(office);
  return new Map<string, Holding>([
    [RAW_UPDATE, rawUpdate()],
    ...candidates.map((candidate) => [candidate.name, byCandidate(candidate)] as const),
    ["planned anew at every call", holdByFunction("bench_hold_planned_anew", scheduleOf)],
    ["in more statements", holdByFunction("bench_hold_more_statements", scheduleOf)],
    ["hold_all (ours)", holdByFunction("hold_all", scheduleOf)],
  ]);
}

/** What the candidates need, and every session's first calls, when it plans them. */
export async function prepareHolds(office: BenchOffice): Promise<void> {
  const candidates = [...HOLD_CANDIDATES, ...TRAPS];
  for (const { setUp } of candidates) if (setUp) await office.database.sql(setUp, []);
  for (const text of await holdRivals()) await office.database.sql(text, []);
  const seats = groups(office.hotSeats, SEATS_A_HOLD);
  for (const holding of contenders(office, candidates).values()) {
    const act = holding((call) => seats[call % seats.length]!, HOLD_TTL_MS);
    await warmUp(office, (session, call) => act(session, call).catch(() => {}));
  }
}

/** Fresh seats for every hold, on one hot concert and over a thousand. */
export async function measureHolds(office: BenchOffice, size: BenchSize): Promise<Section[]> {
  const sections: Section[] = [];
  const random = seededRandom(SEED);
  const places = placesOf(office, random);
  for (const clients of size.clients) {
    for (const [place, wishesOf] of Object.entries(places)) {
      const slices = new Map<string, Slice[]>();
      for (let round = 0; round < size.rounds; round++) {
        for (const [name, holding] of contenders(office, HOLD_CANDIDATES)) {
          const raw = name === RAW_UPDATE;
          const wishes = wishesOf(raw ? ROWS_A_HOLD : SEATS_A_HOLD);
          const act = holding((call) => wishes[call % wishes.length]!, HOLD_TTL_MS);
          const most = raw ? Infinity : wishes.length;
          const slice = await load(office, { clients, ms: size.sliceMs, most }, act);
          slices.set(name, [...slices.get(name) ?? [], slice]);
          await reset(office);
        }
      }
      sections.push(tell({ act: `hold ${SEATS_A_HOLD} seats`, place, clients }, slices));
    }
  }
  return sections;
}

/** Overlapping wishes in any order for a dozen seats, whose holds lapse all the time. */
export async function measureCrowds(office: BenchOffice, size: BenchSize): Promise<Section[]> {
  const sections: Section[] = [];
  const random = seededRandom(SEED);
  const hot = office.hotSeats.slice(0, CROWD_SEATS);
  const candidates = [ORDERED, ONE_CTE, CTE_BEHIND_LOOK, ...TRAPS];
  for (const clients of size.clients.filter((count) => count > 1)) {
    const slices = new Map<string, Slice[]>();
    const doubles = new Map<string, number>();
    for (let round = 0; round < size.rounds; round++) {
      for (const [name, holding] of contenders(office, candidates)) {
        const act = holding(() => pick(random, hot, 2 + Math.floor(random() * 3)), CROWD_TTL_MS);
        const most = Infinity;
        const slice = await load(office, { clients, ms: size.sliceMs, most }, act);
        slices.set(name, [...slices.get(name) ?? [], slice]);
        const [found] = await office.database.sql(DOUBLE_HOLDS, []);
        doubles.set(name, (doubles.get(name) ?? 0) + Number(found?.["count"]));
        await reset(office);
      }
    }
    const crowd = { act: "a crowd", place: `${CROWD_SEATS} seats`, clients };
    const counts = {
      won: (name: string) => sum(slices.get(name)!, "done"),
      double: (name: string) => doubles.get(name)!,
    };
    sections.push(tell(crowd, slices, counts));
  }
  return sections;
}
