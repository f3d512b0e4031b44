import { useState } from "preact/hooks";
import { count } from "../shared/format.ts";
import { useLanguage, useWords } from "../shared/language.ts";
import type { Act } from "./act_dialog.tsx";
import { operator } from "./operator.ts";
import { Field } from "./parts.tsx";
import type { Room } from "./types.ts";
import { OPS } from "./words.ts";

interface RoomSettingsProps {
  readonly room: Room;
  readonly ask: (act: Act) => void;
  readonly onDeleted: () => void;
}

const MAIN = "main";
/** A day. */
const MOST_SECONDS = 86_400;
const DURATIONS = [
  "admissionTtlSeconds",
  "holdTtlSeconds",
  "pollMinSeconds",
  "pollMaxSeconds",
] as const;

/** What is seldom changed on the day: durations, and whether the room is there. */
export function RoomSettings({ room, ask, onDeleted }: RoomSettingsProps) {
  const words = useWords(OPS);
  const language = useLanguage();
  const [form, setForm] = useState<Partial<Record<typeof DURATIONS[number], string>>>({});
  const changed = DURATIONS.filter((name) => form[name] && Number(form[name]) !== room[name]);
  const seconds = (value: number) => words.seconds(count(language, value));
  const path = { room: room.room };
  const change = (event: Event) => {
    event.preventDefault();
    const body = Object.fromEntries(changed.map((name) => [name, Number(form[name])]));
    ask({
      title: words.changeSettings(room.room),
      says: [
        ...changed.map((name) =>
          words.becomes(words.durations[name], seconds(room[name]), seconds(Number(form[name])))
        ),
        words.durationsSay,
      ],
      hasReason: true,
      async run(reason) {
        const answer = await operator.PATCH("/v1/admin/rooms/{room}", {
          params: { path },
          body: { ...body, endLobby: false, reason },
        });
        if (answer.data) setForm({});
        return answer;
      },
    });
  };
  const asks = room.challengeAtJoin;
  const switchChallenge = () =>
    ask({
      title: words.changeSettings(room.room),
      says: [asks ? words.challengeOffSays : words.challengeOnSays],
      hasReason: true,
      run: (reason) =>
        operator.PATCH("/v1/admin/rooms/{room}", {
          params: { path },
          body: { challengeAtJoin: !asks, endLobby: false, reason },
        }),
    });
  const remove = () =>
    ask({
      title: words.deleteRoomTitle(room.room),
      says: [words.deleteRoomSays],
      twice: words.deleteRoomTwice,
      hasReason: true,
      async run(reason) {
        const deleted = await operator.DELETE("/v1/admin/rooms/{room}", {
          params: { path, query: { reason } },
        });
        if (deleted.data) onDeleted();
        return deleted;
      },
    });
  return (
    <details class="card">
      <summary>{words.moreSettings}</summary>
      <form class="form" onSubmit={change}>
        {DURATIONS.map((name) => (
          <Field
            key={name}
            label={words.durations[name]}
            hint={words.isNow(seconds(room[name]))}
            type="number"
            min={1}
            max={MOST_SECONDS}
            value={form[name] ?? ""}
            onValue={(value) => setForm({ ...form, [name]: value })}
          />
        ))}
        <button type="submit" class="button" disabled={changed.length === 0}>{words.change}</button>
      </form>
      <button type="button" class="button" onClick={switchChallenge}>
        {asks ? words.challengeOff : words.challengeOn}
      </button>
      {room.room !== MAIN && (
        <button type="button" class="button" onClick={remove}>{words.deleteRoom}</button>
      )}
    </details>
  );
}
