import { useState } from "preact/hooks";
import { count, dateAndTime, OWN_ZONE, time } from "../shared/format.ts";
import { useLanguage, useWords } from "../shared/language.ts";
import { useActs } from "./act_dialog.tsx";
import { useAsked } from "./asking.ts";
import { FanMoney, Ledger } from "./fan_money.tsx";
import { endPlaceAct } from "./levers.tsx";
import { operator } from "./operator.ts";
import { Field, Loading, Select, Table, TroubleNotice } from "./parts.tsx";
import { refundAct } from "./refunds.tsx";
import type { Fan } from "./types.ts";
import { waitText } from "./wait_text.ts";
import { OPS } from "./words.ts";

const REFRESH_MS = 10_000;

interface FanViewProps {
  readonly userId: string;
  readonly room: string;
}

/** The story of one fan, for support. */
export function FanView({ userId, room }: FanViewProps) {
  const words = useWords(OPS);
  const [typed, setTyped] = useState(userId);
  const [inRoom, setInRoom] = useState(room);
  const rooms = useAsked(
    () => operator.GET("/v1/admin/rooms", { params: { query: { limit: 100 } } }),
    "rooms",
  );
  const names = [...new Set([room, ...(rooms.data?.rooms ?? []).map((one) => one.room as string)])];
  const find = (event: Event) => {
    event.preventDefault();
    location.hash = `#/fans/${encodeURIComponent(typed.trim())}/${encodeURIComponent(inRoom)}`;
  };
  return (
    <div class="stack">
      <h1>{words.views.fans}</h1>
      <form class="form card" onSubmit={find}>
        <Field label={words.userId} value={typed} onValue={setTyped} required maxLength={128} />
        <Select
          label={words.room}
          value={inRoom}
          onValue={setInRoom}
          options={names.map((name) => [name, name])}
        />
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
    REFRESH_MS,
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
            <FanMoney
              fan={data}
              onRefund={(paymentId) => acts.ask(refundAct(words, paymentId))}
            />
            <Ledger userId={userId} version={data.balance} currency={data.currency} />
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
              {place.expiresAt !== null && (
                <li>
                  {(place.state === "ADMITTED" ? words.admittedUntil : words.placeUntil)(
                    at(place.expiresAt),
                  )}
                </li>
              )}
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
      <Shown fan={fan} />
    </section>
  );
}

/** What the page of the fan has said in line, about once a minute. */
function Shown({ fan: { shown } }: { readonly fan: Fan }) {
  const words = useWords(OPS);
  const language = useLanguage();
  if (shown.length === 0) return <p class="quiet">{words.nothingShown}</p>;
  return (
    <>
      <h3>{words.whatWasTold}</h3>
      <p class="quiet small">{words.toldSays}</p>
      <Table
        name={words.whatWasTold}
        head={[words.time, words.position, words.estimatedWait, words.notLetIn]}
        rows={shown.toReversed().map(({ at, position, wait, reason }) => [
          time(language, at, OWN_ZONE),
          count(language, position),
          wait ? waitText(words, language, wait) : "–",
          reason ? words.waitReasons[reason] : "–",
        ])}
      />
    </>
  );
}
