import { useState } from "preact/hooks";
import { client } from "../shared/client.ts";
import { dateAndTime, money, OWN_ZONE } from "../shared/format.ts";
import { useLanguage } from "../shared/language.ts";
import { Problem } from "../shared/problem.tsx";
import { type Trouble, troubleOf, troubleOfThrown } from "../shared/trouble.ts";
import { seatName } from "../shared/seat_name.ts";
import { settings } from "../shared/settings.ts";
import type { Payment, Reservation } from "./lists.ts";
import { useShopWords, useTicketsWords } from "./words.ts";

export interface PaymentRowProps {
  readonly payment: Payment;
  readonly reservation: Reservation | undefined;
  readonly onChange: () => void;
}

/** A payment, which can be refunded after a second question. */
export function PaymentRow({ payment, reservation, onChange }: PaymentRowProps) {
  const words = useTicketsWords();
  const shop = useShopWords();
  const language = useLanguage();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const { paymentId, amount, status, paidAt, refundedAt } = payment;
  const seat = reservation && seatName(shop, { ...reservation, label: reservation.seatLabel });
  const what = reservation ? `${reservation.concertTitle}, ${seat}` : paymentId;
  const refund = async () => {
    setBusy(true);
    setTrouble(null);
    try {
      const { error } = await client.POST("/v1/payments/{paymentId}/refunds", {
        params: { path: { paymentId } },
      });
      if (error) setTrouble(troubleOf(error));
      else onChange();
    } catch {
      setTrouble(troubleOfThrown());
    }
    setAsking(false);
    setBusy(false);
  };
  const time = (at: string) => dateAndTime(language, at, OWN_ZONE);
  return (
    <li>
      <div class="entry">
        <div>
          <strong>{reservation?.concertTitle ?? paymentId}</strong>
          {seat && <p>{seat}</p>}
          <p class="quiet small">
            {refundedAt ? words.refundedAt(time(refundedAt)) : words.paidAt(time(paidAt))}
          </p>
        </div>
        <span class="number">{money(language, settings.currency, amount)}</span>
        {status === "COMPLETED"
          ? (
            <button
              class="button plain"
              type="button"
              aria-label={words.refundOf(what)}
              aria-expanded={asking}
              onClick={() => setAsking(!asking)}
            >
              {words.refund}
            </button>
          )
          : <span class="tag">{words.payment[status]}</span>}
      </div>
      {asking && (
        <div class="notice warn" role="group" aria-label={words.refundOf(what)}>
          <p>{words.sure(money(language, settings.currency, amount))}</p>
          <div class="row">
            <button class="button" type="button" disabled={busy} onClick={() => void refund()}>
              {busy ? words.refunding : words.yes}
            </button>
            <button class="button main" type="button" onClick={() => setAsking(false)}>
              {words.no}
            </button>
          </div>
        </div>
      )}
      {trouble && <Problem trouble={trouble} />}
    </li>
  );
}
