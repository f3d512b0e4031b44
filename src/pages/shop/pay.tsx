import { type components, isProblem, type UnfinishedAct } from "@stanchion/client";
import { useEffect, useState } from "preact/hooks";
import { client } from "../shared/client.ts";
import { clock, dateAndTime, money } from "../shared/format.ts";
import { useServerNow } from "../shared/hooks.ts";
import { useLanguage } from "../shared/language.ts";
import { Loaded } from "../shared/loaded.tsx";
import { useLoaded } from "../shared/use_loaded.ts";
import { Problem } from "../shared/problem.tsx";
import { type Trouble, troubleOf, troubleOfThrown } from "../shared/trouble.ts";
import { seatName } from "../shared/seat_name.ts";
import { settings } from "../shared/settings.ts";
import { addressOfMore, goInstead } from "./route.ts";
import { useShopWords } from "./words.ts";

type Reservation = components["schemas"]["Reservation"];
type Balance = components["schemas"]["Balance"];

function Held({ held, busy, onChange }: {
  readonly held: readonly Reservation[];
  readonly busy: boolean;
  readonly onChange: () => void;
}) {
  const words = useShopWords();
  const language = useLanguage();
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const giveBack = async (reservationId: string) => {
    try {
      const { error } = await client.cancel(reservationId);
      setTrouble(error ? troubleOf(error) : null);
    } catch {
      setTrouble(troubleOfThrown());
    }
    onChange();
  };
  return (
    <>
      {trouble && <Problem trouble={trouble} />}
      <ul class="held">
        {held.map(({ reservationId, seatLabel, section, row, price, ...concert }) => {
          const name = seatName(words, { section, row, label: seatLabel });
          return (
            <li key={reservationId} class="entry">
              <div>
                <strong>{name}</strong>
                <p class="quiet small">
                  {concert.concertTitle} ·{" "}
                  {dateAndTime(language, concert.concertAt, concert.timeZone)}
                </p>
              </div>
              <span class="number">{money(language, settings.currency, price)}</span>
              <button
                class="button plain"
                type="button"
                disabled={busy}
                onClick={() => void giveBack(reservationId)}
              >
                {words.giveBack}
                <span class="hidden-text">: {name}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </>
  );
}

function TopUp({ missing, onChange }: {
  readonly missing: number;
  readonly onChange: () => void;
}) {
  const words = useShopWords();
  const language = useLanguage();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  if (!settings.selfCharge) return <p class="notice">{words.topUpElsewhere}</p>;
  const topUp = async () => {
    setBusy(true);
    try {
      const { error } = await client.charge({ amount: missing });
      setTrouble(error ? troubleOf(error) : null);
    } catch {
      setTrouble(troubleOfThrown());
    }
    setBusy(false);
    onChange();
  };
  return (
    <>
      {trouble && <Problem trouble={trouble} />}
      <button class="button main wide" type="button" disabled={busy} onClick={() => void topUp()}>
        {busy ? words.toppingUp : words.topUp(money(language, settings.currency, missing))}
      </button>
    </>
  );
}

/** A payment of which nobody knows yet how it ended, from before a reload. */
function useUnfinishedPayment(pay: (reservationIds: readonly string[]) => void): boolean {
  const [resumed, setResumed] = useState(false);
  useEffect(() => {
    const isPayment = ({ act }: UnfinishedAct) => act === "pay";
    client.unfinished().then((acts) => {
      const payment = acts.find(isPayment);
      if (!payment) return;
      setResumed(true);
      pay((payment.body as { reservationIds: string[] }).reservationIds);
    }, () => {});
  }, []);
  return resumed;
}

/** Another tab or device was faster with the same payment. */
function isPaidElsewhere(error: unknown): boolean {
  return isProblem(error, "RESERVATION_NOT_PAYABLE") &&
    error.reservations.every(({ status }) => status === "PAID");
}

function usePayment(onRefusal: () => void) {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  async function pay(reservationIds: readonly string[]): Promise<void> {
    setBusy(true);
    setTrouble(null);
    try {
      const { data, error } = await client.pay({ reservationIds: [...reservationIds] });
      if (data || isPaidElsewhere(error)) return goInstead({ name: "done", reservationIds });
      setTrouble(troubleOf(error));
      onRefusal();
    } catch {
      setTrouble(troubleOfThrown());
    } finally {
      setBusy(false);
    }
  }
  return { busy, trouble, pay };
}

function Countdown({ held }: { readonly held: readonly Reservation[] }) {
  const words = useShopWords();
  const now = useServerNow();
  const left = Math.min(...held.map(({ expiresAt }) => Date.parse(expiresAt))) - now;
  return (
    <p class={`countdown ${left < 60_000 ? "short" : ""}`}>
      {words.heldFor} <strong class="number" role="timer">{clock(left)}</strong>
    </p>
  );
}

function Paying({ held, balance, reload }: {
  readonly held: readonly Reservation[];
  readonly balance: Balance;
  readonly reload: () => void;
}) {
  const words = useShopWords();
  const language = useLanguage();
  const now = useServerNow();
  const { busy, trouble, pay } = usePayment(reload);
  const resumed = useUnfinishedPayment((ids) => void pay(ids));
  // Whether a payment was in time is for the server to say, also when its answer is late or lost.
  const isOpen = busy || trouble === "NO_ANSWER";
  const live = isOpen ? held : held.filter(({ expiresAt }) => Date.parse(expiresAt) > now);
  const total = live.reduce((sum, { price }) => sum + price, 0);
  const missing = total - balance.balance;
  if (live.length === 0) {
    const lapsed = held.length > 0;
    return (
      <div class="card stack">
        {resumed && busy && <p class="notice" role="status">{words.resumed}</p>}
        {trouble && <Problem trouble={trouble} />}
        <h2>{lapsed ? words.heldOver : words.nothingHeld}</h2>
        {lapsed && <p role="alert">{words.heldOverHint}</p>}
        <a class="button main wide" href={addressOfMore()}>{words.more}</a>
        <a class="button wide" href="/tickets">{words.seeTickets}</a>
      </div>
    );
  }
  return (
    <div class="card stack">
      <Countdown held={live} />
      <Held held={live} busy={busy} onChange={reload} />
      <dl class="sums">
        <dt>{words.balance}</dt>
        <dd class="number">{money(language, settings.currency, balance.balance)}</dd>
        <dt>{words.total}</dt>
        <dd class="number total">{money(language, settings.currency, total)}</dd>
      </dl>
      {resumed && busy && <p class="notice" role="status">{words.resumed}</p>}
      {trouble === "NO_ANSWER"
        ? <p class="notice warn" role="alert">{words.lostNetwork}</p>
        : trouble && <Problem trouble={trouble} />}
      {missing > 0
        ? (
          <>
            <p class="notice warn">{words.missing(money(language, settings.currency, missing))}</p>
            <TopUp missing={missing} onChange={reload} />
          </>
        )
        : (
          <button
            class="button main wide"
            type="button"
            disabled={busy}
            onClick={() => void pay(live.map(({ reservationId }) => reservationId))}
          >
            {busy ? words.paying : words.pay(money(language, settings.currency, total))}
          </button>
        )}
      <p class="quiet small">{words.payingHint}</p>
    </div>
  );
}

/** The fan's own live holds, to pay for. It needs no admission. */
export function Pay() {
  const words = useShopWords();
  const loading = useLoaded(async () => {
    const [held, balance] = await Promise.all([
      client.GET("/v1/reservations", { params: { query: { status: "HELD", limit: 100 } } }),
      client.GET("/v1/balance"),
    ]);
    const error = held.error ?? balance.error;
    return error ? { error } : { data: { held: held.data!.items, balance: balance.data! } };
  }, []);
  return (
    <div class="stack slim">
      <a class="back" href={addressOfMore()}>← {words.back}</a>
      <h1>{words.payTitle}</h1>
      <Loaded loading={loading}>
        {({ held, balance }) => <Paying held={held} balance={balance} reload={loading.reload} />}
      </Loaded>
    </div>
  );
}
