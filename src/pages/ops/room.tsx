import { useEffect } from "preact/hooks";
import { ROOM_STATE_POLICIES } from "../../domain/room.ts";
import { count, dateAndTime, OWN_ZONE, time } from "../shared/format.ts";
import { useLanguage, useWords } from "../shared/language.ts";
import { useActs } from "./act_dialog.tsx";
import { useAsked } from "./asking.ts";
import { DrawProof } from "./draw_proof.tsx";
import { LastHour } from "./last_hour.tsx";
import { forgetLastRoom, keepLastRoom } from "./last_room.ts";
import { Levers } from "./levers.tsx";
import { operator } from "./operator.ts";
import { Figure, Loading, TroubleNotice } from "./parts.tsx";
import { RoomConcerts, seatsLeftOf } from "./room_concerts.tsx";
import { RoomSettings } from "./room_settings.tsx";
import { StateTag } from "./rooms.tsx";
import type { Room, RoomHistory } from "./types.ts";
import { waitText } from "./wait_text.ts";
import { OPS } from "./words.ts";

const REFRESH_MS = 5_000;
const CONCERTS_MS = 10_000;
const HISTORY_MS = 30_000;
/** Of the queue the page needs only when the cron last ran. */
const LAST_TICK_MS = 30_000;
/** The cron runs each minute. */
const TICK_IS_LATE_MS = 120_000;

/** One room: its numbers now, the last hour, the levers, and its draw. */
export function RoomView({ room: name }: { readonly room: string }) {
  const words = useWords(OPS);
  const path = { room: name };
  const room = useAsked(
    () => operator.GET("/v1/admin/rooms/{room}", { params: { path } }),
    name,
    REFRESH_MS,
  );
  const line = useAsked(
    () => operator.GET("/v1/admin/queue", { params: { query: { room: name } } }),
    name,
    LAST_TICK_MS,
  );
  const history = useAsked(
    () => operator.GET("/v1/admin/rooms/{room}/history", { params: { path } }),
    name,
    HISTORY_MS,
  );
  const concerts = useAsked(
    () => operator.GET("/v1/admin/concerts", { params: { query: { room: name, limit: 100 } } }),
    name,
    CONCERTS_MS,
  );
  const acts = useActs(room.again);
  const isThere = room.data !== null;
  useEffect(() => void (isThere && keepLastRoom(name)), [isThere]);
  return (
    <div class="stack">
      <p>
        <a href="#/rooms">{words.views.rooms}</a>
      </p>
      <div class="row">
        <h1>{name}</h1>
        {room.data && <StateTag state={room.data.state} />}
      </div>
      {room.data && <p class="quiet">{words.stateSays[room.data.state]}</p>}
      {room.data && <FansAddress room={name} />}
      <TroubleNotice trouble={room.trouble} />
      {room.data
        ? (
          <>
            <Now
              room={room.data}
              lastTickAt={line.data?.lastTickAt ?? null}
              last={history.data?.line.at(-1) ?? null}
              atMs={room.atMs}
            />
            {acts.shown}
            <RoomConcerts asked={concerts} />
            <Levers room={room.data} ask={acts.ask} />
          </>
        )
        : !room.trouble && <Loading />}
      <TroubleNotice trouble={history.trouble} />
      {history.data && <LastHour history={history.data} seatsLeft={seatsLeftOf(concerts.data)} />}
      {room.data?.draw && <DrawProof room={name} draw={room.data.draw} />}
      {room.data && (
        <RoomSettings
          room={room.data}
          ask={acts.ask}
          onDeleted={() => {
            forgetLastRoom();
            location.hash = "#/rooms";
          }}
        />
      )}
    </div>
  );
}

/** Where fans of the room wait, whole so that it can be copied. */
function FansAddress({ room }: { readonly room: string }) {
  const words = useWords(OPS);
  const address = `${location.origin}/line?room=${encodeURIComponent(room)}`;
  return (
    <p>
      {words.fansAddress} <a href={address}>{address}</a>
    </p>
  );
}

interface NowProps {
  readonly room: Room;
  readonly lastTickAt: string | null;
  /** The last sample of the line. */
  readonly last: RoomHistory["line"][number] | null;
  readonly atMs: number;
}

function Now({ room, lastTickAt, last, atMs }: NowProps) {
  const words = useWords(OPS);
  const language = useLanguage();
  const number = (value: number) => count(language, value);
  const seats = last?.seatsAvailable ?? null;
  const { mayJoin, promotes } = ROOM_STATE_POLICIES[room.state];
  const isLate = lastTickAt !== null && atMs - Date.parse(lastTickAt) > TICK_IS_LATE_MS &&
    room.waiting + room.admitted > 0;
  return (
    <section class="card stack" aria-labelledby="now">
      <div class="row apart">
        <h2 id="now">{words.now}</h2>
        <span class="quiet small">
          {words.asOf(time(language, new Date(atMs).toISOString(), OWN_ZONE))}
        </span>
      </div>
      {isLate && <p class="notice warn">{words.cronIsLate}</p>}
      {room.followedVersion !== null && room.followedVersion !== room.version && (
        <p class="notice warn">{words.followsOtherVersion}</p>
      )}
      {seats === 0 && room.waiting > 0 && <p class="notice warn">{words.soldOutNow}</p>}
      <dl class="figures">
        <Figure name={words.gathered}>{number(room.gathered)}</Figure>
        <Figure name={words.waiting}>{number(room.waiting)}</Figure>
        <Figure name={words.admittedOfCapacity}>
          {number(room.admitted)} / {number(room.capacity)}
        </Figure>
        <Figure name={words.lastMinute}>{number(room.admittedLastMinute)}</Figure>
        <Figure name={words.parked}>{number(room.parked)}</Figure>
        <Figure name={words.rate}>
          {room.admissionsPerMinute === null ? words.noRate : number(room.admissionsPerMinute)}
        </Figure>
        {last?.estimatedWait && mayJoin && promotes && (
          <Figure name={words.waitOfJoiners}>
            {waitText(words, language, last.estimatedWait)}
          </Figure>
        )}
        {room.opensAt !== null && (
          <Figure name={words.opensAt}>{dateAndTime(language, room.opensAt, OWN_ZONE)}</Figure>
        )}
      </dl>
    </section>
  );
}
