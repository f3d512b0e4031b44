import { useState } from "preact/hooks";
import { dateAndTime, OWN_ZONE } from "../shared/format.ts";
import { useLanguage, useWords } from "../shared/language.ts";
import { inJson, type Trouble, useAsked } from "./asking.ts";
import { AS_CSV, downloadCsv } from "./download.ts";
import { operator } from "./operator.ts";
import { Field, Loading, Pager, Table, TroubleNotice, useCursors } from "./parts.tsx";
import { OPS } from "./words.ts";

const CSV_PAGE = 1_000;

function changed(values: unknown): string {
  return values === null || values === undefined ? "" : JSON.stringify(values);
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
                  words.before,
                  words.after,
                ]}
                rows={log.data.items.map((entry) => [
                  dateAndTime(language, entry.at, OWN_ZONE),
                  entry.operator,
                  <code key="action">{entry.action}</code>,
                  entry.room ?? "–",
                  entry.subject ?? "–",
                  entry.reason ?? "–",
                  <code key="before">{changed(entry.before)}</code>,
                  <code key="after">{changed(entry.after)}</code>,
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
