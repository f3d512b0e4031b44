import { useState } from "preact/hooks";
import { count, dateAndTime, OWN_ZONE } from "../shared/format.ts";
import { useLanguage, useWords } from "../shared/language.ts";
import { useActs } from "./act_dialog.tsx";
import { useAsked } from "./asking.ts";
import { operator } from "./operator.ts";
import { Field, Loading, Select, Table, TroubleNotice } from "./parts.tsx";
import type { Room, RoomState } from "./types.ts";
import { OPS } from "./words.ts";

const REFRESH_MS = 5_000;
/** Of rooms that are shown. */
const MOST = { limit: 100 };

export function StateTag({ state }: { readonly state: RoomState }) {
  const words = useWords(OPS);
  const kinds = { OPEN: "good", HELD: "warn", LOBBY: "accent", DRAINING: "warn", CLOSED: "bad" };
  return <span class={`tag ${kinds[state]}`}>{words.states[state]}</span>;
}

/** Every room with its state and its live numbers. */
export function RoomsView() {
  const words = useWords(OPS);
  const language = useLanguage();
  const { data, trouble, again } = useAsked(
    () => operator.GET("/v1/admin/rooms", { params: { query: MOST } }),
    "rooms",
    REFRESH_MS,
  );
  const acts = useActs(again);
  const row = (room: Room) => [
    <a key="name" href={`#/rooms/${room.room}`}>{room.room}</a>,
    <StateTag key="state" state={room.state} />,
    room.opensAt === null ? "–" : dateAndTime(language, room.opensAt, OWN_ZONE),
    count(language, room.gathered + room.waiting),
    `${count(language, room.admitted)} / ${count(language, room.capacity)}`,
    count(language, room.admittedLastMinute),
    room.admissionsPerMinute === null ? "–" : count(language, room.admissionsPerMinute),
  ];
  return (
    <div class="stack">
      <h1>{words.views.rooms}</h1>
      <TroubleNotice trouble={trouble} />
      {acts.shown}
      {data
        ? (
          <Table
            name={words.views.rooms}
            head={[
              words.room,
              words.state,
              words.opensAt,
              words.waiting,
              words.admittedOfCapacity,
              words.lastMinute,
              words.rate,
            ]}
            rows={data.rooms.map(row)}
          />
        )
        : !trouble && <Loading />}
      <NewRoom ask={acts.ask} />
    </div>
  );
}

const FIRST_STATES: readonly RoomState[] = ["CLOSED", "LOBBY", "OPEN", "HELD"];

function NewRoom({ ask }: { readonly ask: ReturnType<typeof useActs>["ask"] }) {
  const words = useWords(OPS);
  const [room, setRoom] = useState("");
  const [state, setState] = useState<RoomState>("CLOSED");
  const [opensAt, setOpensAt] = useState("");
  const [capacity, setCapacity] = useState("");
  const [rate, setRate] = useState("");
  const [key, setKey] = useState(() => crypto.randomUUID());
  const opensByItself = state === "CLOSED" || state === "LOBBY";
  const send = (event: Event) => {
    event.preventDefault();
    const body = {
      room,
      state,
      ...opensByItself && opensAt && { opensAt: new Date(opensAt).toISOString() },
      ...capacity && { capacity: Number(capacity) },
      ...rate && { admissionsPerMinute: Number(rate) },
    };
    ask({
      title: words.makeRoom(room),
      says: [words.stateSays[state], words.makeRoomSays],
      hasReason: true,
      run: async (reason) => {
        const made = await operator.POST("/v1/admin/rooms", {
          body: { ...body, reason },
          params: { header: { "Idempotency-Key": key } },
        });
        if (made.data) setKey(crypto.randomUUID());
        return made;
      },
    });
  };
  return (
    <details class="card">
      <summary>{words.newRoom}</summary>
      <form class="form" onSubmit={send}>
        <Field
          label={words.roomName}
          hint={words.roomNameHint}
          value={room}
          onValue={setRoom}
          required
          maxLength={32}
        />
        <Select
          label={words.state}
          value={state}
          onValue={(value) => setState(value as RoomState)}
          options={FIRST_STATES.map((one) => [one, words.states[one]])}
        />
        {opensByItself && (
          <Field
            label={words.opensAtOwn}
            type="datetime-local"
            value={opensAt}
            onValue={setOpensAt}
          />
        )}
        <Field
          label={words.capacity}
          type="number"
          min={1}
          value={capacity}
          onValue={setCapacity}
          hint={words.emptyIsDefault}
        />
        <Field
          label={words.rate}
          type="number"
          min={1}
          value={rate}
          onValue={setRate}
          hint={words.emptyIsNone}
        />
        <button type="submit" class="button main">{words.makeRoomButton}</button>
      </form>
    </details>
  );
}
