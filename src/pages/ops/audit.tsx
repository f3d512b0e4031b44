import { useState } from "preact/hooks";
import { dateAndTime, OWN_ZONE } from "../shared/format.ts";
import { type Language, useLanguage, useWords } from "../shared/language.ts";
import { inJson, type Trouble, useAsked } from "./asking.ts";
import { exactTime } from "./local_time.ts";
import { AS_CSV, downloadCsv } from "./download.ts";
import { operator } from "./operator.ts";
import { Field, Loading, Pager, Table, TroubleNotice, useCursors } from "./parts.tsx";
import type { AuditEntry as Entry } from "./types.ts";
import { OPS } from "./words.ts";

const CSV_PAGE = 1_000;
/** The newest page follows what is done. */
const REFRESH_MS = 10_000;

type Values = Entry["before"];

function textOf(value: unknown, language: Language): string {
  if (value === undefined || value === null) return "–";
  if (typeof value !== "string") return JSON.stringify(value);
  return /^\d{4}-\d\d-\d\dT.*Z$/.test(value) ? dateAndTime(language, value, OWN_ZONE) : value;
}

/** What differs, member by member. */
function Changes({ before, after }: { readonly before: Values; readonly after: Values }) {
  const language = useLanguage();
  const text = (value: unknown) => textOf(value, language);
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  const differing = names.filter((name) => text(before?.[name]) !== text(after?.[name]));
  return (
    <ul class="changes">
      {differing.map((name) => (
        <li key={name}>
          <code>{name}</code> {before?.[name] !== undefined && `${text(before[name])} → `}
          {text(after?.[name])}
        </li>
      ))}
    </ul>
  );
}

/** What operators did, when and why. */
export function AuditView() {
  const words = useWords(OPS);
  const language = useLanguage();
  const cursors = useCursors();
  const [typed, setTyped] = useState("");
  const [room, setRoom] = useState("");
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const ask = (query: object, headers = {}) =>
    operator.GET("/v1/admin/audit", {
      params: { query: { ...room && { room }, ...query } },
      headers,
    });
  const log = useAsked(
    () => inJson(ask({ ...cursors.cursor && { cursor: cursors.cursor } })),
    JSON.stringify([room, cursors.cursor]),
    cursors.isFirst ? REFRESH_MS : 0,
  );
  const download = async () =>
    setTrouble(
      await downloadCsv("audit.csv", (cursor) =>
        ask({ limit: CSV_PAGE, ...cursor && { cursor } }, AS_CSV)),
    );
  return (
    <div class="stack">
      <div class="row apart">
        <h1>{words.views.audit}</h1>
        <button type="button" class="button" onClick={() => void download()}>
          {words.downloadCsv}
        </button>
      </div>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          cursors.first();
          setRoom(typed.trim());
        }}
      >
        <Field label={words.room} value={typed} onValue={setTyped} maxLength={32} />
        <button type="submit" class="button">{words.find}</button>
      </form>
      <TroubleNotice trouble={trouble ?? log.trouble} />
      {log.data
        ? (
          <>
            {log.data.items.length === 0 ? <p class="quiet">{words.noEntries}</p> : (
              <Table
                name={words.views.audit}
                head={[
                  words.time,
                  words.operator,
                  words.action,
                  words.room,
                  words.subject,
                  words.reason,
                  words.changes,
                ]}
                rows={log.data.items.map((entry) => [
                  exactTime(language, entry.at),
                  entry.operator,
                  words.actions[entry.action],
                  entry.room ?? "–",
                  entry.subject ?? "–",
                  entry.reason ?? "–",
                  <Changes key="changes" before={entry.before} after={entry.after} />,
                ])}
              />
            )}
            <Pager cursors={cursors} nextCursor={log.data.nextCursor} />
          </>
        )
        : !log.trouble && <Loading />}
    </div>
  );
}
