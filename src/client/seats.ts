import { type Attempt, attempt, type Failure, type Received, setBackOff } from "./attempts.ts";
import type { Calls } from "./calls.ts";
import { type Environment, isHidden } from "./environment.ts";
import { createSubject, type Observable } from "./observable.ts";
import type { OwnSeats } from "./own_seats.ts";
import type { components } from "./schema.ts";
import { createTimer } from "./timer.ts";

type Schemas = components["schemas"];
export type SeatStatus = Schemas["SeatStatus"];

export interface MapSeat {
  readonly seatId: number;
  readonly seatNumber: number;
  readonly label: string;
  readonly section: string | null;
  readonly row: string | null;
  readonly x: number | null;
  readonly y: number | null;
  readonly price: number;
  readonly status: SeatStatus;
  /** Held or bought by this fan. */
  readonly own: boolean;
}

export interface SeatsState {
  /** In the order of the map. A seat that did not change is the same object as before. */
  readonly seats: readonly MapSeat[];
  /** Of the statuses; null before they are known. */
  readonly takenAt: string | null;
  /** Why the last question has no answer, or was refused. The seats stay as they were. */
  readonly failure: Failure | null;
}

/** The seats of a schedule, as long as somebody subscribes or iterates. */
export interface SeatsView extends Observable<SeatsState> {
  /** Asks now. Resolves with what is known then. */
  refresh(): Promise<SeatsState>;
  stop(): void;
}

export interface SeatsOptions {
  readonly section?: string;
  /** How often statuses are asked for while the page is seen; from 1, by default 2. */
  readonly everySeconds?: number;
}

/** The map of a large hall takes its time on a phone. */
const MAP_WITHIN_MS = 60_000;
const STATUS_OF: Record<string, SeatStatus> = { A: "AVAILABLE", H: "HELD", S: "SOLD" };

export function createSeatsView(
  path: { readonly concertId: number; readonly scheduleId: number },
  { section, everySeconds = 2 }: SeatsOptions,
  environment: Environment,
  api: Calls,
  ownSeats: OwnSeats,
): SeatsView {
  const { clock, random } = environment;
  const subject = createSubject<SeatsState>({ seats: [], takenAt: null, failure: null });
  const everyMs = Math.max(everySeconds, 1) * 1000;
  let map: Known<Schemas["SeatMap"]> | null = null;
  let statuses: Known<Schemas["SeatStatuses"]> | null = null;
  let base: MapSeat[] = [];
  const watchers = new Set<symbol>();
  let stopped = false;
  let failures = 0;
  let asking: Promise<void> | null = null;
  const timer = createTimer(environment, () => isHidden() ? timer.set(everyMs) : void ask());

  const params = { path, ...(section ? { query: { section } } : {}) };
  const condition = (known: Known<unknown> | null) =>
    known?.etag ? { "If-None-Match": known.etag } : {};

  /** Reads what changed. Returns why it cannot be read, or null. */
  async function read<Body>(
    known: Known<Body> | null,
    what: "seat-map" | "seat-statuses",
    keep: (known: Known<Body>) => void,
  ): Promise<Trouble | null> {
    if (stopped) return null;
    const askedAt = clock.now();
    const tried: Attempt<Received> = await attempt(
      environment,
      (signal) =>
        (api.GET as (path: string, options: unknown) => Promise<Received>)(
          `/v1/concerts/{concertId}/schedules/{scheduleId}/${what}`,
          { params, headers: condition(known), signal },
        ),
      MAP_WITHIN_MS,
    );
    if (!tried.answer) return tried;
    const { data, error, response: { status, headers } } = tried.answer;
    if (status === 304 && known) keep({ ...known, askedAt });
    else if (data) keep({ body: data as Body, etag: headers.get("ETag"), askedAt });
    else {
      const problem = error as Failure["problem"];
      return { failure: { status, problem } };
    }
    return null;
  }

  const readMap = () =>
    read(map, "seat-map", (known) => {
      if (known.body !== map?.body) base = seatsOf(known.body);
      map = known;
    });
  const readStatuses = () => read(statuses, "seat-statuses", (known) => statuses = known);

  function ask(): Promise<void> {
    return asking ??= askOnce().finally(() => asking = null);
  }

  async function askOnce(): Promise<void> {
    timer.clear();
    const trouble = (map ? null : await readMap()) ?? await readStatuses() ??
      // Seats were added, or prices changed.
      (fits() ? null : await readMap());
    failures = trouble ? failures + 1 : 0;
    show(trouble?.failure ?? null);
    if (stopped || watchers.size === 0) return;
    if (!trouble) timer.set(everyMs - random() * everyMs / 10);
    else if (isOutage(trouble)) setBackOff(timer, failures, trouble, random);
  }

  const fits = () => map?.body.mapVersion === statuses?.body.mapVersion;

  function show(failure: Failure | null): void {
    const { seats: before, takenAt: shownAt } = subject.current;
    if (!statuses || !fits()) return subject.set({ ...subject.current, failure });
    const { askedAt, body: { takenAt, statuses: letters } } = statuses;
    const snapshot = { takenAt: Date.parse(takenAt), askedAt };
    let changed = before.length !== base.length || failure !== subject.current.failure;
    const seats = base.map((seat, index) => {
      const now = ownSeats.over(seat.seatId, STATUS_OF[letters[index]!]!, snapshot);
      const last = before[index];
      const same = last?.seatId === seat.seatId && last.price === seat.price &&
        last.status === now.status && last.own === now.own;
      changed ||= !same;
      return same ? last : { ...seat, ...now };
    });
    if (changed || shownAt === null) subject.set({ seats, takenAt, failure });
  }

  function watch(): () => void {
    const watcher = Symbol();
    if (watchers.size === 0) {
      ownSeats.onChange.add(showOwn);
      void ask();
    }
    watchers.add(watcher);
    return () => void (watchers.delete(watcher) && watchers.size === 0 && pause());
  }
  const showOwn = () => show(subject.current.failure);
  function pause(): void {
    timer.clear();
    ownSeats.onChange.delete(showOwn);
  }

  return {
    get current() {
      return subject.current;
    },
    subscribe(listener) {
      const leave = subject.subscribe(listener);
      const rest = watch();
      return () => {
        leave();
        rest();
      };
    },
    async *[Symbol.asyncIterator]() {
      const rest = watch();
      try {
        yield* subject;
      } finally {
        rest();
      }
    },
    async refresh() {
      await ask();
      return subject.current;
    },
    stop() {
      stopped = true;
      pause();
      subject.end();
    },
  };
}

interface Known<Body> {
  readonly body: Body;
  readonly etag: string | null;
  readonly askedAt: number;
}

interface Outage {
  readonly failure: Failure;
  readonly retryAfterMs: number;
}
/** Else it is a refusal, which would be the same again. */
const isOutage = (trouble: Trouble): trouble is Outage => trouble.retryAfterMs !== undefined;
type Trouble = Outage | { readonly failure: Failure; readonly retryAfterMs?: never };

function seatsOf({ columns, seats }: Schemas["SeatMap"]): MapSeat[] {
  return seats.map((row) => ({
    ...Object.fromEntries(columns.map((column, index) => [column, row[index]])),
    status: "AVAILABLE",
    own: false,
  } as unknown as MapSeat));
}
