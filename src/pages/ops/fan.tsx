import { useState } from "preact/hooks";
import { count, dateAndTime, money, OWN_ZONE } from "../shared/format.ts";
import { useLanguage, useWords } from "../shared/language.ts";
import { useActs } from "./act_dialog.tsx";
import { useAsked } from "./asking.ts";
import { endPlaceAct } from "./levers.tsx";
import { operator } from "./operator.ts";
import { Field, Loading, Pager, Table, TroubleNotice, useCursors } from "./parts.tsx";
import { refundAct } from "./refunds.tsx";
import { seatText } from "./sales.tsx";
import type { Fan } from "./types.ts";
import { OPS } from "./words.ts";

interface FanViewProps {
  readonly userId: string;
  readonly room: string;
}

/** The story of one fan, for support. */
export function FanView({ userId, room }: FanViewProps) {
  const words = useWords(OPS);
  const [typed, setTyped] = useState(userId);
  const [inRoom, setInRoom] = useState(room);
  const find = (event: Event) => {
    event.preventDefault();
    location.hash = `#/fans/${encodeURIComponent(typed.trim())}/${encodeURIComponent(inRoom)}`;
  };
  return (
    <div class="stack">
      <h1>{words.views.fans}</h1>
      <form class="form card" onSubmit={find}>
        <Field label={words.userId} value={typed} onValue={setTyped} required maxLength={128} />
        <Field label={words.room} value={inRoom} onValue={setInRoom} required maxLength={32} />
        <button type="submit" class="button main">{words.find}</button>
      </form>
      {userId && <Story userId={userId} room={room} />}
    </div>
  );
}

function Story({ userId, room }: FanViewProps) {
  const words = useWords(OPS);
  const path = { userId };
  const { data, trouble, again } = useAsked(
    () => operator.GET("/v1/admin/fans/{userId}", { params: { path, query: { room } } }),
    `${userId} ${room}`,
  );
  const acts = useActs(again);
  return (
    <>
      <TroubleNotice trouble={trouble} />
      {acts.shown}
      {data
        ? (
          <>
            <Place
              fan={data}
              room={room}
              onEnd={() => acts.ask(endPlaceAct(words, room, userId))}
            />
            <Money
              fan={data}
              onRefund={(paymentId) => acts.ask(refundAct(words, paymentId))}
            />
            <Ledger userId={userId} version={data.balance} />
          </>
        )
        : !trouble && <Loading />}
    </>
  );
}

function Place({ fan, room, onEnd }: { fan: Fan; room: string; onEnd: () => void }) {
  const words = useWords(OPS);
  const language = useLanguage();
  const at = (time: string) => dateAndTime(language, time, OWN_ZONE);
  const { place, lastPlace } = fan;
  return (
    <section class="card stack" aria-labelledby="place">
      <h2 id="place">{words.placeIn(room)}</h2>
      {place
        ? (
          <>
            <p>
              {words.placeStates[place.state]}
              {place.position !== null && ` ${words.atPosition(count(language, place.position))}`}
            </p>
            <ul class="quiet">
              {place.ticket !== null && <li>{words.ticketNumber(count(language, place.ticket))}
              </li>}
              {place.expiresAt !== null && <li>{words.placeUntil(at(place.expiresAt))}</li>}
            </ul>
            <button type="button" class="button" onClick={onEnd}>{words.endPlace}</button>
          </>
        )
        : <p>{words.noPlace}</p>}
      {lastPlace && (
        <p class="notice">
          {words.lastPlaceEnded(at(lastPlace.endedAt))} {words.endCauses[lastPlace.endedBecause]}
        </p>
      )}
    </section>
  );
}

function Money({ fan, onRefund }: { fan: Fan; onRefund: (paymentId: string) => void }) {
  const words = useWords(OPS);
  const language = useLanguage();
  const at = (time: string) => dateAndTime(language, time, OWN_ZONE);
  const amount = (value: number) => money(language, fan.currency, value);
  return (
    <section class="card stack" aria-labelledby="money">
      <h2 id="money">{words.holdsAndPayments}</h2>
      <p>{words.balanceIs(amount(fan.balance))}</p>
      <h3>{words.liveHolds}</h3>
      {fan.holds.length === 0 ? <p class="quiet">{words.noHolds}</p> : (
        <Table
          name={words.liveHolds}
          head={[words.concert, words.date, words.seat, words.amount, words.holdUntil]}
          rows={fan.holds.map((hold) => [
            hold.concertTitle,
            dateAndTime(language, hold.concertAt, hold.timeZone),
            seatText(hold),
            amount(hold.price),
            at(hold.expiresAt),
          ])}
        />
      )}
      <h3>{words.payments}</h3>
      {fan.payments.length === 0 ? <p class="quiet">{words.noPayments}</p> : (
        <Table
          name={words.payments}
          head={[words.paidAt, words.amount, words.state, words.paymentId, ""]}
          rows={fan.payments.map((payment) => [
            at(payment.paidAt),
            amount(payment.amount),
            words.paymentStates[payment.status],
            <code key="id">{payment.paymentId}</code>,
            payment.status === "COMPLETED" && (
              <button
                type="button"
                class="button"
                aria-label={words.refundOf(amount(payment.amount), at(payment.paidAt))}
                onClick={() => onRefund(payment.paymentId)}
              >
                {words.refund}
              </button>
            ),
          ])}
        />
      )}
    </section>
  );
}

/** `version` is another one when something was refunded. */
function Ledger({ userId, version }: { readonly userId: string; readonly version: number }) {
  const words = useWords(OPS);
  const language = useLanguage();
  const cursors = useCursors();
  const query = { ...cursors.cursor && { cursor: cursors.cursor } };
  const { data, trouble } = useAsked(
    () => operator.GET("/v1/admin/fans/{userId}/ledger", { params: { path: { userId }, query } }),
    JSON.stringify([userId, version, cursors.cursor]),
  );
  return (
    <section class="card stack" aria-labelledby="ledger">
      <h2 id="ledger">{words.ledger}</h2>
      <TroubleNotice trouble={trouble} />
      {data && (
        <>
          {data.items.length === 0 ? <p class="quiet">{words.noEntries}</p> : (
            <Table
              name={words.ledger}
              head={[words.time, words.kind, words.amount, words.operator, words.reason]}
              rows={data.items.map((entry) => [
                dateAndTime(language, entry.at, OWN_ZONE),
                words.ledgerKinds[entry.kind],
                entry.amount.toLocaleString(language),
                entry.operator ?? "–",
                entry.reason ?? "–",
              ])}
            />
          )}
          <Pager cursors={cursors} nextCursor={data.nextCursor} />
        </>
      )}
    </section>
  );
}
