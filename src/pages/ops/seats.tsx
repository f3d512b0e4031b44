import type { components } from "@stanchion/client";
import { useMemo, useState } from "preact/hooks";
import { dateAndTime } from "../shared/format.ts";
import { useLanguage, useWords } from "../shared/language.ts";
import { useActs } from "./act_dialog.tsx";
import { AddSeats } from "./add_seats.tsx";
import { useAsked } from "./asking.ts";
import { ChosenSeats } from "./chosen_seats.tsx";
import { operator } from "./operator.ts";
import { Loading, TroubleNotice } from "./parts.tsx";
import type { ScheduleRef, Seat, SeatLetter } from "./seat.ts";
import { SeatMap } from "./seat_map.tsx";
import { SeatPicker } from "./seat_picker.tsx";
import type { Concert } from "./types.ts";
import { OPS } from "./words.ts";

const REFRESH_MS = 10_000;

/** The seats of a schedule: who bought them, and which are blocked. */
export function SeatsView({ concertId, scheduleId }: ScheduleRef) {
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
  const concert = useAsked(
    () => operator.GET("/v1/admin/concerts/{concertId}", { params: { path: { concertId } } }),
    `concert ${concertId}`,
  );
  const acts = useActs(asked.again);
  const seats = useMemo(() => asked.data ? seatsOf(asked.data) : [], [asked.data]);
  const drawn = useMemo(() => seats, [asked.data?.mapVersion]);
  const letterOf = useMemo(() => {
    const letters = new Map(seats.map(({ seatId, letter }) => [seatId, letter]));
    return (seatId: number) => letters.get(seatId) ?? "A";
  }, [seats]);
  /** The seat that was tapped last, whose row is listed. */
  const [tapped, setTapped] = useState<number | null>(null);
  const toggle = (seatIds: readonly number[]) => {
    const next = new Set(chosen);
    const isAdding = seatIds.some((seatId) => !next.has(seatId));
    for (const seatId of seatIds) isAdding ? next.add(seatId) : next.delete(seatId);
    setChosen(next);
  };
  const tap = (seatId: number) => {
    setTapped(seatId);
    toggle([seatId]);
  };
  return (
    <div class="stack">
      <p>
        <a href={`#/concerts/${concertId}`}>{words.backToConcert}</a>
      </p>
      <h1>{words.seatMap}</h1>
      {concert.data && <Of concert={concert.data} scheduleId={scheduleId} />}
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
                  onSeat={tap}
                />
              </section>
              <section class="card stack" aria-labelledby="chosen">
                <h2 id="chosen">{words.chosenSeats}</h2>
                <SeatPicker {...{ seats, chosen, tapped }} onToggle={toggle} />
                <ChosenSeats
                  seats={seats.filter(({ seatId }) => chosen.has(seatId))}
                  path={{ concertId, scheduleId }}
                  concert={concert.data}
                  ask={acts.ask}
                  onClear={() => setChosen(new Set())}
                />
              </section>
            </div>
            <AddSeats concertId={concertId} scheduleId={scheduleId} onAdded={asked.again} />
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

/** Which date of which concert it is. */
function Of({ concert, scheduleId }: { readonly concert: Concert; readonly scheduleId: number }) {
  const language = useLanguage();
  const { title, venue, timeZone, schedules } = concert;
  const schedule = schedules.find((one) => one.scheduleId === scheduleId);
  const at = schedule ? dateAndTime(language, schedule.concertAt, timeZone) : null;
  return <p class="quiet">{[title, at, venue].filter((text) => text !== null).join(" · ")}</p>;
}
