import type { components, MapSeat } from "@stanchion/client";
import { useMemo, useState } from "preact/hooks";
import { count, money } from "../shared/format.ts";
import { useLanguage, useWords } from "../shared/language.ts";
import { settings } from "../shared/settings.ts";
import { type Act, useActs } from "./act_dialog.tsx";
import { type AnyAnswer, inJson, useAsked } from "./asking.ts";
import { AddSeats } from "./add_seats.tsx";
import { operator } from "./operator.ts";
import { Loading, Select, TroubleNotice } from "./parts.tsx";
import { refundAct } from "./refunds.tsx";
import { SalesTable, seatText } from "./sales.tsx";
import { type SeatLetter, SeatMap } from "./seat_map.tsx";
import { OPS } from "./words.ts";

/** So many changes of seats are under way at once. */
const AT_ONCE = 4;
const REFRESH_MS = 10_000;

interface SeatsViewProps {
  readonly concertId: number;
  readonly scheduleId: number;
}

/** A seat of the map with its status. */
interface Seat extends MapSeat {
  readonly letter: SeatLetter;
}

/** The seats of a schedule: who bought them, and which are blocked. */
export function SeatsView({ concertId, scheduleId }: SeatsViewProps) {
  const words = useWords(OPS);
  /** Ids of seats. */
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const asked = useAsked(
    () =>
      operator.GET("/v1/admin/concerts/{concertId}/schedules/{scheduleId}/seats", {
        params: { path: { concertId, scheduleId } },
      }),
    `${concertId} ${scheduleId}`,
    REFRESH_MS,
  );
  const done = () => {
    setChosen(new Set());
    asked.again();
  };
  const acts = useActs(done);
  const seats = useMemo(() => asked.data ? seatsOf(asked.data) : [], [asked.data]);
  const drawn = useMemo(() => seats, [asked.data?.mapVersion]);
  const letterOf = useMemo(() => {
    const letters = new Map(seats.map(({ seatId, letter }) => [seatId, letter]));
    return (seatId: number) => letters.get(seatId) ?? "A";
  }, [seats]);
  const toggle = (seatId: number) => {
    const next = new Set(chosen);
    if (!next.delete(seatId)) next.add(seatId);
    setChosen(next);
  };
  return (
    <div class="stack">
      <p>
        <a href={`#/concerts/${concertId}`}>{words.backToConcert}</a>
      </p>
      <h1>{words.seatMap}</h1>
      <TroubleNotice trouble={asked.trouble} />
      {acts.shown}
      {asked.data
        ? (
          <>
            <div class="beside">
              <section class="card" aria-label={words.seatMap}>
                <SeatMap
                  seats={drawn}
                  letterOf={letterOf}
                  chosen={chosen}
                  onSeat={toggle}
                />
              </section>
              <section class="card stack" aria-labelledby="chosen">
                <h2 id="chosen">{words.chosenSeats}</h2>
                <SeatPicker seats={seats} chosen={chosen} onToggle={toggle} />
                <ChosenSeats
                  seats={seats.filter(({ seatId }) => chosen.has(seatId))}
                  path={{ concertId, scheduleId }}
                  ask={acts.ask}
                  onClear={() => setChosen(new Set())}
                />
              </section>
            </div>
            <AddSeats concertId={concertId} scheduleId={scheduleId} onAdded={done} />
          </>
        )
        : !asked.trouble && <Loading />}
    </div>
  );
}

const STATUSES = { A: "AVAILABLE", H: "HELD", S: "SOLD", B: "SOLD" } as const;

function seatsOf({ seats, statuses }: components["schemas"]["OperatorSeats"]): Seat[] {
  return seats.map((values, index) => {
    const [seatId, seatNumber, label, section, row, x, y, price] = values;
    const letter = statuses[index] as SeatLetter;
    const status = STATUSES[letter];
    return { seatId, seatNumber, label, section, row, x, y, price, status, own: false, letter };
  });
}

interface SeatPickerProps {
  readonly seats: readonly Seat[];
  readonly chosen: ReadonlySet<number>;
  readonly onToggle: (seatId: number) => void;
}

const rowOf = ({ section, row }: Seat) => JSON.stringify([section, row]);
/** The most seats of a list: those of a hall without rows are shown in part. */
const MOST_LISTED = 300;

/** Chooses seats of one row by boxes, for keyboards and screen readers. */
function SeatPicker({ seats, chosen, onToggle }: SeatPickerProps) {
  const words = useWords(OPS);
  const rows = useMemo(() => [...new Set(seats.map(rowOf))], [seats]);
  const [wanted, setWanted] = useState<string | null>(null);
  const row = wanted ?? rows[0] ?? "";
  const name = (of: string) => {
    const parts = (JSON.parse(of) as (string | null)[]).filter((part) => part !== null);
    return parts.join(" ") || words.withoutRow;
  };
  return (
    <>
      <Select
        label={words.row}
        value={row}
        onValue={setWanted}
        options={rows.map((of) => [of, name(of)])}
      />
      <ul class="boxes">
        {seats.filter((seat) => rowOf(seat) === row).slice(0, MOST_LISTED).map((seat) => (
          <li key={seat.seatId}>
            <label class="check">
              <input
                type="checkbox"
                checked={chosen.has(seat.seatId)}
                onChange={() =>
                  onToggle(seat.seatId)}
              />
              {seat.label} <span class="quiet small">{words.seatStates[seat.letter]}</span>
            </label>
          </li>
        ))}
      </ul>
    </>
  );
}

interface ChosenSeatsProps {
  readonly seats: readonly Seat[];
  readonly path: SeatsViewProps;
  readonly ask: (act: Act) => void;
  readonly onClear: () => void;
}

const nameOf = ({ section, row, label }: Seat) => seatText({ section, row, seatLabel: label });

function ChosenSeats({ seats, path, ask, onClear }: ChosenSeatsProps) {
  const words = useWords(OPS);
  const language = useLanguage();
  const change = (status: "BLOCKED" | "AVAILABLE"): Act => {
    const isBlocking = status === "BLOCKED";
    const names = seats.slice(0, 20).map(nameOf).join(", ");
    return {
      title: (isBlocking ? words.blockSeats : words.freeSeats)(count(language, seats.length)),
      says: [isBlocking ? words.blockSays : words.freeSays, names],
      hasReason: true,
      run: (reason) => changeAll(seats, path, status, reason),
    };
  };
  const [only] = seats;
  const canBlock = seats.length > 0 && seats.every(({ letter }) => letter === "A");
  const canFree = seats.length > 0 && seats.every(({ letter }) => letter === "B");
  return (
    <>
      {seats.length === 0 && <p class="quiet">{words.chooseSeats}</p>}
      {seats.length === 1 && only && (
        <p>
          <strong>{nameOf(only)}</strong> · {money(language, settings.currency, only.price)} ·{" "}
          {words.seatStates[only.letter]}
        </p>
      )}
      {seats.length > 1 && <p>{words.seatsChosen(count(language, seats.length))}</p>}
      <div class="row">
        <button
          type="button"
          class="button"
          disabled={!canBlock}
          onClick={() => ask(change("BLOCKED"))}
        >
          {words.block}
        </button>
        <button
          type="button"
          class="button"
          disabled={!canFree}
          onClick={() => ask(change("AVAILABLE"))}
        >
          {words.free}
        </button>
        <button type="button" class="button" disabled={seats.length === 0} onClick={onClear}>
          {words.chooseNone}
        </button>
      </div>
      {seats.length === 1 && only?.letter === "S" && <Buyer seat={only} path={path} ask={ask} />}
    </>
  );
}

/** Stops at the first refusal, and answers that. */
async function changeAll(
  seats: readonly Seat[],
  path: SeatsViewProps,
  status: "BLOCKED" | "AVAILABLE",
  reason: string,
): Promise<AnyAnswer<unknown>> {
  const left = [...seats];
  let failed: AnyAnswer<unknown> | null = null;
  async function work(): Promise<void> {
    for (let seat = left.shift(); seat && !failed; seat = left.shift()) {
      const changed = await operator.PATCH(
        "/v1/admin/concerts/{concertId}/schedules/{scheduleId}/seats/{seatId}",
        { params: { path: { ...path, seatId: seat.seatId } }, body: { status, reason } },
      );
      if (!changed.data) failed = changed;
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return failed ?? { data: seats };
}

interface BuyerProps {
  readonly seat: Seat;
  readonly path: SeatsViewProps;
  readonly ask: (act: Act) => void;
}

/** Who bought the seat, refunded payments too. */
function Buyer({ seat, path, ask }: BuyerProps) {
  const words = useWords(OPS);
  const { concertId, scheduleId } = path;
  const query = { scheduleId, seatId: seat.seatId };
  const { data, trouble } = useAsked(
    () =>
      inJson(operator.GET("/v1/admin/concerts/{concertId}/sales", {
        params: { path: { concertId }, query },
      })),
    String(seat.seatId),
  );
  return (
    <>
      <h3>{words.whoBought}</h3>
      <TroubleNotice trouble={trouble} />
      {data && (
        <SalesTable
          items={data.items}
          timeZone={Intl.DateTimeFormat().resolvedOptions().timeZone}
          onRefund={(paymentId) => ask(refundAct(words, paymentId))}
        />
      )}
    </>
  );
}
