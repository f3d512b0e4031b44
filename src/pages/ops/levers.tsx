import { useState } from "preact/hooks";
import { endsGathering, ROOM_STATE_POLICIES } from "../../domain/room.ts";
import { count, dateAndTime, OWN_ZONE } from "../shared/format.ts";
import { useLanguage, useWords } from "../shared/language.ts";
import type { Act } from "./act_dialog.tsx";
import { operator } from "./operator.ts";
import { Field } from "./parts.tsx";
import type { Room, RoomState } from "./types.ts";
import { OPS } from "./words.ts";

interface LeversProps {
  readonly room: Room;
  readonly ask: (act: Act) => void;
}

const STATES: readonly RoomState[] = ["OPEN", "HELD", "DRAINING", "CLOSED", "LOBBY"];

/** What an operator can do to a room. Each act says before what it will do. */
export function Levers({ room, ask }: LeversProps) {
  const words = useWords(OPS);
  return (
    <section class="card stack" aria-labelledby="levers">
      <h2 id="levers">{words.levers}</h2>
      <StateLevers room={room} ask={ask} />
      <div class="levers">
        <NumberLevers room={room} ask={ask} />
        {ROOM_STATE_POLICIES[room.state].opensByItself && <OpeningLever room={room} ask={ask} />}
        <FanLevers room={room} ask={ask} />
      </div>
      <EvictLever ask={ask} />
    </section>
  );
}

function StateLevers({ room, ask }: LeversProps) {
  const words = useWords(OPS);
  const language = useLanguage();
  const act = (state: RoomState): Act => {
    const endsLobby = room.state === "LOBBY" && endsGathering(ROOM_STATE_POLICIES[state]);
    const gathered = count(language, room.gathered);
    return {
      title: words.stateTitle[state](room.room),
      says: [
        words.stateSays[state],
        ...endsLobby ? [words.endsLobbySays(gathered)] : [],
        ...room.opensAt !== null && !ROOM_STATE_POLICIES[state].keepsOpening
          ? [words.removesOpening]
          : [],
      ],
      ...endsLobby && { twice: words.endsLobbyTwice(gathered) },
      hasReason: true,
      run: (reason) =>
        operator.PATCH("/v1/admin/rooms/{room}", {
          params: { path: { room: room.room } },
          body: { state, reason, endLobby: endsLobby },
        }),
    };
  };
  return (
    <div class="row">
      {STATES.filter((state) => state !== room.state).map((state) => (
        <button
          key={state}
          type="button"
          class={`button ${state === "OPEN" ? "main" : ""}`}
          onClick={() => ask(act(state))}
        >
          {words.stateLever[state]}
        </button>
      ))}
    </div>
  );
}

function NumberLevers({ room, ask }: LeversProps) {
  const words = useWords(OPS);
  const language = useLanguage();
  const [capacity, setCapacity] = useState("");
  const [rate, setRate] = useState("");
  const change = (
    body: { readonly capacity?: number; readonly admissionsPerMinute?: number | null },
    title: string,
    says: readonly string[],
  ) =>
    ask({
      title,
      says,
      hasReason: true,
      run: (reason) =>
        operator.PATCH("/v1/admin/rooms/{room}", {
          params: { path: { room: room.room } },
          body: { ...body, endLobby: false, reason },
        }),
    });
  const number = (value: number) => count(language, value);
  const { promotes } = ROOM_STATE_POLICIES[room.state];
  return (
    <>
      <form
        class="lever"
        onSubmit={(event) => {
          event.preventDefault();
          const next = Number(capacity);
          change({ capacity: next }, words.capacityTitle(number(next)), [
            words.capacitySays(number(room.capacity), number(next)),
            ...next < room.admitted
              ? [words.capacityFalls]
              : [promotes ? words.capacityRises : words.nobodyYet],
          ]);
        }}
      >
        <Field
          label={words.capacityNow(number(room.capacity))}
          type="number"
          min={1}
          max={10_000_000}
          required
          value={capacity}
          onValue={setCapacity}
        />
        <button type="submit" class="button">{words.change}</button>
      </form>
      <form
        class="lever"
        onSubmit={(event) => {
          event.preventDefault();
          const next = rate === "" ? null : Number(rate);
          change(
            { admissionsPerMinute: next },
            next === null ? words.noRateTitle : words.rateTitle(number(next)),
            [
              next === null ? words.noRateSays : words.rateSays(number(next)),
              ...promotes ? [words.waitsFollow] : [words.nobodyYet],
            ],
          );
        }}
      >
        <Field
          label={words.rateNow(
            room.admissionsPerMinute === null ? words.noRate : number(room.admissionsPerMinute),
          )}
          type="number"
          min={1}
          max={10_000_000}
          value={rate}
          onValue={setRate}
        />
        <button type="submit" class="button">{words.change}</button>
      </form>
    </>
  );
}

/** When the room opens by itself. */
function OpeningLever({ room, ask }: LeversProps) {
  const words = useWords(OPS);
  const language = useLanguage();
  const [opensAt, setOpensAt] = useState("");
  const change = (event: Event) => {
    event.preventDefault();
    const next = opensAt === "" ? null : new Date(opensAt).toISOString();
    const said = next && dateAndTime(language, next, OWN_ZONE);
    ask({
      title: said === null ? words.noOpeningTitle : words.openingTitle(said),
      says: [said === null ? words.noOpeningSays : words.openingSays],
      hasReason: true,
      run: (reason) =>
        operator.PATCH("/v1/admin/rooms/{room}", {
          params: { path: { room: room.room } },
          body: { opensAt: next, endLobby: false, reason },
        }),
    });
  };
  return (
    <form class="lever" onSubmit={change}>
      <Field
        label={words.opensAtOrNever}
        type="datetime-local"
        value={opensAt}
        onValue={setOpensAt}
      />
      <button type="submit" class="button">{words.change}</button>
    </form>
  );
}

function FanLevers({ room, ask }: LeversProps) {
  const words = useWords(OPS);
  const language = useLanguage();
  const [fans, setFans] = useState("");
  const [userId, setUserId] = useState("");
  const promote = (event: Event) => {
    event.preventDefault();
    const many = Number(fans);
    // One key for all attempts of this dialog: together they promote so many.
    const key = crypto.randomUUID();
    let admitted = 0;
    ask({
      title: words.promoteTitle(count(language, many)),
      says: [
        words.promoteSays,
        words.promoteNumbers(
          count(language, room.waiting),
          count(language, Math.max(0, room.capacity - room.admitted)),
        ),
        words.promoteLimits,
      ],
      hasReason: true,
      async run(reason) {
        const promoted = await operator.POST("/v1/admin/rooms/{room}/promotions", {
          params: { path: { room: room.room }, header: { "Idempotency-Key": key } },
          body: { count: many, reason },
        });
        admitted = promoted.data?.admitted ?? 0;
        return promoted;
      },
      outcome: () => words.admittedNow(count(language, admitted)),
    });
  };
  const end = (event: Event) => {
    event.preventDefault();
    ask(endPlaceAct(words, room.room, userId.trim()));
  };
  return (
    <>
      <form class="lever" onSubmit={promote}>
        <Field
          label={words.promoteNow}
          type="number"
          min={1}
          max={10_000}
          required
          value={fans}
          onValue={setFans}
        />
        <button type="submit" class="button">{words.promote}</button>
      </form>
      <form class="lever" onSubmit={end}>
        <Field
          label={words.endPlaceOf}
          required
          maxLength={128}
          value={userId}
          onValue={setUserId}
        />
        <button type="submit" class="button">{words.endPlace}</button>
      </form>
    </>
  );
}

/** Ends the place of one fan. */
export function endPlaceAct(words: typeof OPS.en, room: string, userId: string): Act {
  const key = crypto.randomUUID();
  return {
    title: words.endPlaceTitle(userId),
    says: [words.endPlaceSays(room), words.holdsStay],
    hasReason: true,
    run: (reason) =>
      operator.DELETE("/v1/admin/rooms/{room}/places/{userId}", {
        params: {
          path: { room, userId },
          query: { reason },
          header: { "Idempotency-Key": key },
        },
      }),
  };
}

function EvictLever({ ask }: Pick<LeversProps, "ask">) {
  const words = useWords(OPS);
  const act: Act = {
    title: words.evictTitle,
    says: [words.evictSays],
    hasReason: true,
    run: (reason) => operator.POST("/v1/admin/caches/evictions", { body: { reason } }),
  };
  return <button type="button" class="button" onClick={() => ask(act)}>{words.evict}</button>;
}
