import { dateAndTime, money, OWN_ZONE } from "../shared/format.ts";
import { useLanguage, useWords } from "../shared/language.ts";
import { useAsked } from "./asking.ts";
import { operator } from "./operator.ts";
import { Pager, Table, TroubleNotice, useCursors } from "./parts.tsx";
import { seatText } from "./sales.tsx";
import type { Fan } from "./types.ts";
import { OPS } from "./words.ts";

interface FanMoneyProps {
  readonly fan: Fan;
  readonly onRefund: (paymentId: string) => void;
}

/** Balance, holds and payments of a fan. */
export function FanMoney({ fan, onRefund }: FanMoneyProps) {
  const words = useWords(OPS);
  const language = useLanguage();
  return (
    <section class="card stack" aria-labelledby="money">
      <h2 id="money">{words.holdsAndPayments}</h2>
      <p>{words.balanceIs(money(language, fan.currency, fan.balance))}</p>
      <h3>{words.liveHolds}</h3>
      {fan.holds.length === 0
        ? <p class="quiet">{words.noHolds}</p>
        : <Holds fan={fan} name={words.liveHolds} holds={fan.holds} />}
      {fan.endedHolds.length > 0 && (
        <>
          <h3>{words.endedHolds}</h3>
          <Holds fan={fan} name={words.endedHolds} holds={fan.endedHolds} />
        </>
      )}
      <h3>{words.payments}</h3>
      {fan.payments.length === 0
        ? <p class="quiet">{words.noPayments}</p>
        : <Payments fan={fan} onRefund={onRefund} />}
    </section>
  );
}

interface HoldsProps {
  readonly fan: Fan;
  readonly name: string;
  readonly holds: Fan["holds"];
}

function Holds({ fan, name, holds }: HoldsProps) {
  const words = useWords(OPS);
  const language = useLanguage();
  const at = (time: string) => dateAndTime(language, time, OWN_ZONE);
  return (
    <Table
      name={name}
      head={[
        words.concert,
        words.date,
        words.seat,
        words.amount,
        words.heldAt,
        words.holdUntil,
        words.state,
      ]}
      rows={holds.map((hold) => [
        hold.concertTitle,
        dateAndTime(language, hold.concertAt, hold.timeZone),
        seatText(hold),
        money(language, fan.currency, hold.price),
        at(hold.createdAt),
        at(hold.expiresAt),
        words.holdStates[hold.status],
      ])}
    />
  );
}

/** Each payment with the ticket that it gave. */
function Payments({ fan, onRefund }: FanMoneyProps) {
  const words = useWords(OPS);
  const language = useLanguage();
  const at = (time: string) => dateAndTime(language, time, OWN_ZONE);
  const amount = (value: number) => money(language, fan.currency, value);
  const tickets = new Map(fan.tickets.map((ticket) => [ticket.reservationId, ticket]));
  const ticketText = (ticket: Fan["tickets"][number]) =>
    ticket.checkedInAt === null
      ? words.ticketStates[ticket.status]
      : words.wasInAt(at(ticket.checkedInAt), ticket.door ?? "–");
  return (
    <Table
      name={words.payments}
      head={[words.paidAt, words.concert, words.seat, words.amount, words.state, words.ticket, ""]}
      rows={fan.payments.map((payment) => {
        const ticket = tickets.get(payment.reservationId);
        return [
          at(payment.paidAt),
          ticket
            ? `${ticket.concertTitle}, ${dateAndTime(language, ticket.concertAt, ticket.timeZone)}`
            : "–",
          ticket ? seatText(ticket) : "–",
          amount(payment.amount),
          payment.refundedAt === null
            ? words.paymentStates[payment.status]
            : words.refundedAt(at(payment.refundedAt)),
          ticket ? ticketText(ticket) : "–",
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
        ];
      })}
    />
  );
}

/** `version` is another one when something was refunded. */
export function Ledger(
  { userId, version, currency }: {
    readonly userId: string;
    readonly version: number;
    readonly currency: string;
  },
) {
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
                money(language, currency, entry.amount),
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
