import { useState } from "preact/hooks";
import { dateAndTime, money, OWN_ZONE } from "../shared/format.ts";
import { useLanguage, useWords } from "../shared/language.ts";
import { settings } from "../shared/settings.ts";
import { useActs } from "./act_dialog.tsx";
import { inJson, type Trouble, useAsked } from "./asking.ts";
import { AS_CSV, downloadCsv } from "./download.ts";
import { operator } from "./operator.ts";
import { Field, Loading, Pager, Select, Table, TroubleNotice, useCursors } from "./parts.tsx";
import { refundAct } from "./refunds.tsx";
import type { Concert, Sale } from "./types.ts";
import { OPS } from "./words.ts";

const CSV_PAGE = 1_000;
/** The newest page follows what is sold. */
const REFRESH_MS = 10_000;

/** The seat as it is printed. */
export function seatText({ section, row, seatLabel }: Pick<Sale, "section" | "row" | "seatLabel">) {
  return [section, row, seatLabel].filter((part) => part !== null).join(" ");
}

/** Who bought which seat of a concert. */
export function SalesList({ concert }: { readonly concert: Concert }) {
  const words = useWords(OPS);
  const language = useLanguage();
  const cursors = useCursors();
  const [schedule, setSchedule] = useState("");
  const [userId, setUserId] = useState("");
  const [buyer, setBuyer] = useState("");
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const { concertId } = concert;
  const filter = {
    ...schedule && { scheduleId: Number(schedule) },
    ...buyer && { userId: buyer },
  };
  const ask = (query: object, headers = {}) =>
    operator.GET("/v1/admin/concerts/{concertId}/sales", {
      params: { path: { concertId }, query: { ...filter, ...query } },
      headers,
    });
  const sales = useAsked(
    () => inJson(ask({ ...cursors.cursor && { cursor: cursors.cursor } })),
    JSON.stringify([concertId, filter, cursors.cursor]),
    cursors.isFirst ? REFRESH_MS : 0,
  );
  const acts = useActs(sales.again);
  const download = async () =>
    setTrouble(
      await downloadCsv(`sales-${concertId}.csv`, (cursor) =>
        ask({ limit: CSV_PAGE, ...cursor && { cursor } }, AS_CSV)),
    );
  return (
    <section class="card stack" aria-labelledby="sales">
      <div class="row apart">
        <h2 id="sales">{words.salesList}</h2>
        <button type="button" class="button" onClick={() => void download()}>
          {words.downloadCsv}
        </button>
      </div>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          cursors.first();
          setBuyer(userId.trim());
        }}
      >
        <Select
          label={words.date}
          value={schedule}
          onValue={(value) => {
            cursors.first();
            setSchedule(value);
          }}
          options={[
            ["", words.allDates],
            ...concert.schedules.map(({ scheduleId, concertAt }) =>
              [String(scheduleId), dateAndTime(language, concertAt, concert.timeZone)] as const
            ),
          ]}
        />
        <Field label={words.buyer} value={userId} onValue={setUserId} maxLength={128} />
        <button type="submit" class="button">{words.find}</button>
      </form>
      <TroubleNotice trouble={trouble ?? sales.trouble} />
      {acts.shown}
      {sales.data
        ? (
          <>
            {sales.data.items.length === 0 ? <p class="quiet">{words.noSales}</p> : (
              <SalesTable
                items={sales.data.items}
                room={concert.room}
                onRefund={(paymentId) => acts.ask(refundAct(words, paymentId))}
              />
            )}
            <Pager cursors={cursors} nextCursor={sales.data.nextCursor} />
          </>
        )
        : !sales.trouble && <Loading />}
    </section>
  );
}

interface SalesTableProps {
  readonly items: readonly Sale[];
  /** Where the buyers were in line. */
  readonly room: string;
  readonly onRefund: (paymentId: string) => void;
}

export function SalesTable({ items, room, onRefund }: SalesTableProps) {
  const words = useWords(OPS);
  const language = useLanguage();
  return (
    <Table
      name={words.salesList}
      head={[words.seat, words.buyer, words.amount, words.state, words.paidAt, ""]}
      rows={items.map((sale) => [
        seatText(sale),
        <a key="buyer" href={`#/fans/${encodeURIComponent(sale.userId)}/${room}`}>{sale.userId}</a>,
        money(language, settings.currency, sale.amount),
        words.paymentStates[sale.status],
        dateAndTime(language, sale.paidAt, OWN_ZONE),
        sale.status === "COMPLETED" && (
          <button
            type="button"
            class="button"
            aria-label={words.refundSeat(seatText(sale))}
            onClick={() => onRefund(sale.paymentId)}
          >
            {words.refund}
          </button>
        ),
      ])}
    />
  );
}
