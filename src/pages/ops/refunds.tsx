import { useState } from "preact/hooks";
import { count, dateAndTime, money, OWN_ZONE } from "../shared/format.ts";
import { useLanguage, useWords } from "../shared/language.ts";
import { settings } from "../shared/settings.ts";
import type { Act } from "./act_dialog.tsx";
import { useAsked } from "./asking.ts";
import { operator } from "./operator.ts";
import { Select, TroubleNotice } from "./parts.tsx";
import type { Concert } from "./types.ts";
import { OPS } from "./words.ts";

const REFRESH_MS = 2_000;

/** The refund that was begun in this tab, also after a reload. */
function keptRefund(concertId: number) {
  const name = `stanchion refund ${concertId}`;
  return {
    read(): string | null {
      try {
        return sessionStorage.getItem(name);
      } catch {
        return null;
      }
    },
    keep(refundId: string) {
      try {
        sessionStorage.setItem(name, refundId);
      } catch { /* It is shown until the page is left. */ }
    },
  };
}

interface RefundsProps {
  readonly concert: Concert;
  readonly ask: (act: Act) => void;
}

/** Refunds all payments of a concert or of one date, and shows how far that is. */
export function Refunds({ concert, ask }: RefundsProps) {
  const words = useWords(OPS);
  const language = useLanguage();
  const { concertId } = concert;
  const kept = keptRefund(concertId);
  const [refundId, setRefundId] = useState(kept.read);
  const [which, setWhich] = useState("");
  const [backOnSale, setBackOnSale] = useState(false);
  const send = (event: Event) => {
    event.preventDefault();
    const scheduleId = which === "" ? null : Number(which);
    const key = crypto.randomUUID();
    ask({
      title: scheduleId === null ? words.refundConcert : words.refundDate,
      says: [
        words.refundAllSays,
        backOnSale ? words.seatsGoBack : words.seatsStayBlocked,
        words.refundIsFinal,
      ],
      twice: words.refundTwice,
      hasReason: true,
      async run(reason) {
        const begun = await operator.POST("/v1/admin/concerts/{concertId}/refunds", {
          params: { path: { concertId }, header: { "Idempotency-Key": key } },
          body: { scheduleId, seatsBackOnSale: backOnSale, reason },
        });
        if (begun.data) {
          kept.keep(begun.data.refundId);
          setRefundId(begun.data.refundId);
        }
        return begun;
      },
    });
  };
  return (
    <section class="card stack" aria-labelledby="refunds">
      <h2 id="refunds">{words.refunds}</h2>
      <form class="form" onSubmit={send}>
        <Select
          label={words.whatToRefund}
          value={which}
          onValue={setWhich}
          options={[
            ["", words.wholeConcert],
            ...concert.schedules.map(({ scheduleId, concertAt }) =>
              [String(scheduleId), dateAndTime(language, concertAt, concert.timeZone)] as const
            ),
          ]}
        />
        <label class="check">
          <input
            type="checkbox"
            checked={backOnSale}
            onChange={(event) => setBackOnSale(event.currentTarget.checked)}
          />
          {words.seatsBackOnSale}
        </label>
        <button type="submit" class="button">{words.refundAll}</button>
      </form>
      {refundId !== null && <Progress key={refundId} concertId={concertId} refundId={refundId} />}
    </section>
  );
}

function Progress({ concertId, refundId }: { concertId: number; refundId: string }) {
  const words = useWords(OPS);
  const language = useLanguage();
  const [isOver, setOver] = useState(false);
  const { data, trouble } = useAsked(
    async () => {
      const path = { concertId, refundId };
      const asked = await operator.GET("/v1/admin/concerts/{concertId}/refunds/{refundId}", {
        params: { path },
      });
      if (asked.data?.finishedAt) setOver(true);
      return asked;
    },
    refundId,
    isOver ? 0 : REFRESH_MS,
  );
  if (!data) return <TroubleNotice trouble={trouble} />;
  const { refunded, total, amount, finishedAt, reason } = data;
  const said = words.refundedOf(count(language, refunded), count(language, total));
  return (
    <div class="notice" role="status">
      <p>
        <strong>{said}</strong> {money(language, settings.currency, amount)} · {reason}
      </p>
      <progress aria-label={said} max={Math.max(1, total)} value={total === 0 ? 1 : refunded} />
      {finishedAt !== null && (
        <p>{words.refundFinished(dateAndTime(language, finishedAt, OWN_ZONE))}</p>
      )}
    </div>
  );
}

/** Refunds one payment. */
export function refundAct(words: typeof OPS.en, paymentId: string): Act {
  return {
    title: words.refundPayment,
    says: [
      words.refundPaymentSays,
      words.seatElseBlocked,
      words.refundIsFinal,
    ],
    hasReason: true,
    option: { label: words.seatBackOnSale, isChosen: true },
    run: (reason, seatBackOnSale) =>
      operator.POST("/v1/admin/payments/{paymentId}/refunds", {
        params: { path: { paymentId } },
        body: { reason, seatBackOnSale },
      }),
  };
}
