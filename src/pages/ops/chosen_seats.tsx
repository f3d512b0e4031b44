import { useState } from "preact/hooks";
import { count, money } from "../shared/format.ts";
import { useLanguage, useWords } from "../shared/language.ts";
import { settings } from "../shared/settings.ts";
import type { Act } from "./act_dialog.tsx";
import { type AnyAnswer, inJson, useAsked } from "./asking.ts";
import { operator } from "./operator.ts";
import { Field, TroubleNotice } from "./parts.tsx";
import { refundAct } from "./refunds.tsx";
import { SalesTable, seatText } from "./sales.tsx";
import type { ScheduleRef, Seat } from "./seat.ts";
import type { Concert } from "./types.ts";
import { OPS } from "./words.ts";

/** So many changes of seats are under way at once. */
const AT_ONCE = 4;
/** So many are named before they are changed. */
const MOST_NAMED = 20;

interface ChosenSeatsProps {
  readonly seats: readonly Seat[];
  readonly path: ScheduleRef;
  /** Null until it is known. */
  readonly concert: Concert | null;
  readonly ask: (act: Act) => void;
  readonly onClear: () => void;
}

interface SeatChanges {
  readonly status?: "BLOCKED" | "AVAILABLE";
  readonly price?: number;
}

const nameOf = ({ section, row, label }: Seat) => seatText({ section, row, seatLabel: label });

/** What can be done with the seats that were chosen. */
export function ChosenSeats({ seats, path, concert, ask, onClear }: ChosenSeatsProps) {
  const words = useWords(OPS);
  const language = useLanguage();
  const named = (some: readonly Seat[]) =>
    some.slice(0, MOST_NAMED).map(nameOf).join(", ") + (some.length > MOST_NAMED ? " …" : "");
  const ofLetter = (letter: Seat["letter"]) => seats.filter((seat) => seat.letter === letter);
  const act = (
    some: readonly Seat[],
    { title, says }: { readonly title: string; readonly says: readonly string[] },
    changes: SeatChanges,
  ) =>
    ask({
      title,
      says: [...says, named(some)],
      hasReason: true,
      async run(reason) {
        const changed = await changeAll(some, path, { ...changes, reason });
        if (changed.data !== undefined) onClear();
        return changed;
      },
    });
  const [only] = seats;
  const [available, blocked] = [ofLetter("A"), ofLetter("B")];
  const number = (some: readonly Seat[]) => count(language, some.length);
  return (
    <>
      {seats.length === 0 && <p class="quiet">{words.chooseSeats}</p>}
      {seats.length === 1 && only && (
        <p>
          <strong>{nameOf(only)}</strong> · {money(language, settings.currency, only.price)} ·{" "}
          {words.seatStates[only.letter]}
        </p>
      )}
      {seats.length > 1 && <p>{words.seatsChosen(number(seats))}</p>}
      {seats.some(({ letter }) => letter === "S" || letter === "H") && (
        <p class="quiet small">{words.soldStay}</p>
      )}
      <div class="row">
        <button
          type="button"
          class="button"
          disabled={available.length === 0}
          onClick={() =>
            act(
              available,
              { title: words.blockSeats(number(available)), says: [words.blockSays] },
              {
                status: "BLOCKED",
              },
            )}
        >
          {available.length > 1 ? words.blockSome(number(available)) : words.block}
        </button>
        <button
          type="button"
          class="button"
          disabled={blocked.length === 0}
          onClick={() =>
            act(blocked, { title: words.freeSeats(number(blocked)), says: [words.freeSays] }, {
              status: "AVAILABLE",
            })}
        >
          {blocked.length > 1 ? words.freeSome(number(blocked)) : words.free}
        </button>
        <button type="button" class="button" disabled={seats.length === 0} onClick={onClear}>
          {words.chooseNone}
        </button>
      </div>
      <PriceForm
        seats={seats.filter(({ letter }) => letter !== "S")}
        onPrice={(some, price) => {
          const amount = money(language, settings.currency, price);
          const title = words.priceTitle(number(some), amount);
          act(some, { title, says: [words.priceSays] }, { price });
        }}
      />
      {concert && seats.length === 1 && only?.letter === "S" && (
        <Buyer seat={only} path={path} concert={concert} ask={ask} />
      )}
    </>
  );
}

interface PriceFormProps {
  /** Those whose price can change. */
  readonly seats: readonly Seat[];
  readonly onPrice: (seats: readonly Seat[], price: number) => void;
}

function PriceForm({ seats, onPrice }: PriceFormProps) {
  const words = useWords(OPS);
  const [price, setPrice] = useState("");
  if (seats.length === 0) return null;
  return (
    <form
      class="lever"
      onSubmit={(event) => {
        event.preventDefault();
        onPrice(seats, Number(price));
      }}
    >
      <Field
        label={words.newPrice}
        type="number"
        min={0}
        max={100_000_000}
        required
        value={price}
        onValue={setPrice}
      />
      <button type="submit" class="button">{words.change}</button>
    </form>
  );
}

/** Stops at the first refusal, and answers that. */
async function changeAll(
  seats: readonly Seat[],
  path: ScheduleRef,
  body: SeatChanges & { readonly reason: string },
): Promise<AnyAnswer<unknown>> {
  const left = [...seats];
  let failed: AnyAnswer<unknown> | null = null;
  async function work(): Promise<void> {
    for (let seat = left.shift(); seat && !failed; seat = left.shift()) {
      const changed = await operator.PATCH(
        "/v1/admin/concerts/{concertId}/schedules/{scheduleId}/seats/{seatId}",
        { params: { path: { ...path, seatId: seat.seatId } }, body },
      );
      if (!changed.data) failed = changed;
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return failed ?? { data: seats };
}

interface BuyerProps {
  readonly seat: Seat;
  readonly path: ScheduleRef;
  readonly concert: Concert;
  readonly ask: (act: Act) => void;
}

/** Who bought the seat, refunded payments too. */
function Buyer({ seat, path, concert, ask }: BuyerProps) {
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
          room={concert.room}
          onRefund={(paymentId) => ask(refundAct(words, paymentId))}
        />
      )}
    </>
  );
}
