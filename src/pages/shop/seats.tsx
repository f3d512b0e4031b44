import type { MapSeat, SeatsView } from "@stanchion/client";
import { useEffect, useMemo, useState } from "preact/hooks";
import { client } from "../shared/client.ts";
import { count, dateAndTime, money } from "../shared/format.ts";
import { useObserved } from "../shared/hooks.ts";
import { useLanguage } from "../shared/language.ts";
import { Problem } from "../shared/problem.tsx";
import { type Trouble, troubleOf, troubleOfFailure, troubleOfThrown } from "../shared/trouble.ts";
import { useProgramme } from "../shared/programme.ts";
import { seatName } from "../shared/seat_name.ts";
import { settings } from "../shared/settings.ts";
import { addressOf, go } from "./route.ts";
import { TIERS } from "./seat_drawing.tsx";
import { SeatList } from "./seat_list.tsx";
import { SeatMap } from "./seat_map.tsx";
import { useShopWords } from "./words.ts";

interface Schedule {
  readonly concertId: number;
  readonly scheduleId: number;
}

type HoldBody = Parameters<typeof client.hold>[0];

/** Holds seats, and goes on to pay; or says why not. */
function useHold(onTaken: (seatIds: readonly number[]) => void) {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  /** How many seats side by side there are, where more were wanted. */
  const [together, setTogether] = useState<number | null>(null);
  async function hold(body: HoldBody): Promise<void> {
    setBusy(true);
    setTrouble(null);
    setTogether(null);
    try {
      const { data, error } = await client.hold(body);
      if (data) return go({ name: "pay" });
      const fewer = error.code === "SEAT_UNAVAILABLE" ? error.seatsTogether ?? null : null;
      setTogether(fewer);
      setTrouble(fewer === null ? troubleOf(error) : null);
      if (error.code === "SEAT_UNAVAILABLE") onTaken(error.seatIds);
    } catch {
      setTrouble(troubleOfThrown());
    } finally {
      setBusy(false);
    }
  }
  return { busy, trouble, together, hold };
}

function Legend({ prices }: { readonly prices: readonly number[] }) {
  const words = useShopWords();
  const language = useLanguage();
  return (
    <ul class="legend small">
      {prices.slice(0, TIERS).map((price, index) => (
        <li key={price}>
          <i class={`dot tier-${index + 1}`} />
          {money(language, settings.currency, price)}
          {index === TIERS - 1 && prices.length > TIERS && " …"}
        </li>
      ))}
      <li>
        <i class="dot taken" />
        {words.taken}
      </li>
    </ul>
  );
}

/** Seats side by side, chosen by the service. */
function Best({ schedule, busy, onHold }: {
  readonly schedule: Schedule;
  readonly busy: boolean;
  readonly onHold: (body: HoldBody) => void;
}) {
  const words = useShopWords();
  const [quantity, setQuantity] = useState(Math.min(2, settings.seatLimit));
  const send = (event: Event) => {
    event.preventDefault();
    onHold({ ...schedule, bestAvailable: { quantity, section: null, maxPrice: null } });
  };
  return (
    <form class="best" onSubmit={send}>
      <label class="field">
        <span>{words.bestCount}</span>
        <select
          value={quantity}
          onChange={(event) => setQuantity(Number(event.currentTarget.value))}
        >
          {Array.from(
            { length: Math.min(settings.seatLimit, 10) },
            (_, index) => <option key={index} value={index + 1}>{index + 1}</option>,
          )}
        </select>
      </label>
      <button class="button" type="submit" disabled={busy}>{words.best}</button>
      <p class="quiet small">{words.bestHint}</p>
    </form>
  );
}

/** The choice of a fan. Seats that others take meanwhile leave it. */
function useChoice(seats: readonly MapSeat[]) {
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [lost, setLost] = useState<readonly MapSeat[]>([]);
  const [full, setFull] = useState(false);
  const drop = (seatIds: readonly number[]) =>
    setChosen((before) => new Set([...before].filter((id) => !seatIds.includes(id))));
  useEffect(() => {
    const gone = seats.filter(({ seatId, status }) => status !== "AVAILABLE" && chosen.has(seatId));
    if (gone.length === 0) return;
    setLost(gone.filter(({ own }) => !own));
    drop(gone.map(({ seatId }) => seatId));
  }, [seats, chosen]);
  function toggle({ seatId, status }: MapSeat): void {
    const has = chosen.has(seatId);
    if (!has && status !== "AVAILABLE") return;
    setLost([]);
    setFull(!has && chosen.size >= settings.seatLimit);
    if (has) drop([seatId]);
    else if (chosen.size < settings.seatLimit) setChosen(new Set([...chosen, seatId]));
  }
  return { chosen, lost, full, toggle, drop };
}

function Choosing({ schedule, view }: {
  readonly schedule: Schedule;
  readonly view: SeatsView;
}) {
  const words = useShopWords();
  const language = useLanguage();
  const { seats, failure, takenAt } = useObserved(view)!;
  const { chosen, lost, full, toggle, drop } = useChoice(seats);
  const { busy, trouble, together, hold } = useHold((seatIds) => {
    drop(seatIds);
    void view.refresh();
  });
  const priceList = [...new Set(seats.map(({ price }) => price))].sort((a, b) => b - a).join();
  const prices = useMemo(() => priceList.split(",").map(Number), [priceList]);
  if (takenAt === null) {
    return failure ? <Problem trouble={troubleOfFailure(failure)} /> : <div class="wait-dots" />;
  }
  if (seats.length === 0) return <p class="card">{words.noneFree}</p>;
  const picked = seats.filter(({ seatId }) => chosen.has(seatId));
  const total = picked.reduce((sum, { price }) => sum + price, 0);
  const own = seats.some((seat) => seat.own && seat.status === "HELD");
  const shared = { seats, chosen, onToggle: toggle };
  return (
    <>
      {failure && <Problem trouble={troubleOfFailure(failure)} />}
      {trouble && <Problem trouble={trouble} />}
      {together !== null && (
        <p class="notice warn" role="alert">{words.bestNone(count(language, together))}</p>
      )}
      {lost.length > 0 && (
        <p class="notice warn" role="alert">
          {words.lost(lost.map((seat) => seatName(words, seat)).join(", "))}
        </p>
      )}
      {full && (
        <p class="notice warn" role="alert">
          {words.tooMany(count(language, settings.seatLimit))}
        </p>
      )}
      <div class="choosing">
        <div>
          <SeatMap {...shared} prices={prices}>
            <Legend prices={prices} />
          </SeatMap>
        </div>
        <div class="stack">
          <Best schedule={schedule} busy={busy} onHold={(body) => void hold(body)} />
          <SeatList {...shared} />
          {own && <a class="button wide" href={addressOf({ name: "pay" })}>{words.toPay}</a>}
        </div>
      </div>
      <div class="tray">
        <div>
          <p aria-live="polite">
            {picked.length === 0
              ? (
                <>
                  {words.choosePrompt}
                  <span class="quiet small">
                    {words.upTo(count(language, settings.seatLimit))}
                  </span>
                </>
              )
              : (
                <>
                  <strong class="number">{money(language, settings.currency, total)}</strong>
                  <span class="quiet small">
                    {picked.map((seat) => seatName(words, seat)).join(", ")}
                  </span>
                </>
              )}
          </p>
          <button
            class="button main"
            type="button"
            disabled={picked.length === 0 || busy}
            onClick={() => void hold({ ...schedule, seatIds: [...chosen] })}
          >
            {busy ? words.holding : words.hold}
          </button>
        </div>
      </div>
    </>
  );
}

/** The concert and its date, so that nobody buys for another one. */
function WhatIsSold({ concertId, scheduleId }: Schedule) {
  const language = useLanguage();
  const concert = useProgramme().value?.find((each) => each.concertId === concertId);
  const schedule = concert?.schedules.find((each) => each.scheduleId === scheduleId);
  if (!concert || !schedule) return null;
  return (
    <p class="quiet">
      {concert.title} · {dateAndTime(language, schedule.concertAt, concert.timeZone)}
    </p>
  );
}

/** The seats of a schedule, to choose from. */
export function Seats({ concertId, scheduleId }: Schedule) {
  const words = useShopWords();
  const view = useMemo(() => client.seats(concertId, scheduleId), [concertId, scheduleId]);
  useEffect(() => () => view.stop(), [view]);
  return (
    <div class="stack">
      <a class="back" href={addressOf({ name: "concerts" })}>← {words.back}</a>
      <div>
        <h1>{words.title}</h1>
        <WhatIsSold concertId={concertId} scheduleId={scheduleId} />
      </div>
      <Choosing
        key={`${concertId} ${scheduleId}`}
        schedule={{ concertId, scheduleId }}
        view={view}
      />
    </div>
  );
}
