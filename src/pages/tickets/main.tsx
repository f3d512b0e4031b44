import { dateAndTime, money, OWN_ZONE } from "../shared/format.ts";
import { Frame, start } from "../shared/frame.tsx";
import { useServerNow } from "../shared/hooks.ts";
import { useLanguage } from "../shared/language.ts";
import { Loaded } from "../shared/loaded.tsx";
import { useLoaded } from "../shared/use_loaded.ts";
import { seatName } from "../shared/seat_name.ts";
import { fanName, signOut } from "../shared/session.ts";
import { settings } from "../shared/settings.ts";
import { SignedIn } from "../shared/sign_in.tsx";
import { TicketCard } from "../shared/ticket.tsx";
import { type Own, readOwn, type Reservation } from "./lists.ts";
import { PaymentRow } from "./payments.tsx";
import { useShopWords, useTicketsWords } from "./words.ts";

function Holds({ held }: {
  readonly held: readonly Reservation[];
}) {
  const words = useTicketsWords();
  const shop = useShopWords();
  const language = useLanguage();
  return (
    <section class="card stack">
      <h2>{words.heldTitle}</h2>
      <ul class="entries">
        {held.map(({ reservationId, concertTitle, section, row, seatLabel, price, expiresAt }) => (
          <li key={reservationId} class="entry">
            <div>
              <strong>{concertTitle}</strong>
              <p>{seatName(shop, { section, row, label: seatLabel })}</p>
              <p class="quiet small">{words.held(dateAndTime(language, expiresAt, OWN_ZONE))}</p>
            </div>
            <span class="number">{money(language, settings.currency, price)}</span>
          </li>
        ))}
      </ul>
      <a class="button main wide" href="/shop#/pay">{words.pay}</a>
    </section>
  );
}

function OwnLists({ own, reload }: { readonly own: Own; readonly reload: () => void }) {
  const words = useTicketsWords();
  const language = useLanguage();
  const now = useServerNow();
  const { balance: { balance }, reservations, payments, tickets } = own;
  const held = [...reservations.values()].filter(({ status, expiresAt }) =>
    status === "HELD" && Date.parse(expiresAt) > now
  );
  const [valid, other] = [
    tickets.filter(({ status }) => status === "VALID"),
    tickets.filter(({ status }) => status !== "VALID"),
  ];
  return (
    <div class="own">
      {held.length > 0 && <Holds held={held} />}
      <section class="stack">
        <h2>{words.ticketsTitle}</h2>
        {tickets.length === 0 && (
          <div class="card stack">
            <p>{words.noTickets}</p>
            <a class="button main" href="/">{words.toProgramme}</a>
          </div>
        )}
        {[...valid, ...other].map((ticket) => <TicketCard key={ticket.ticketId} ticket={ticket} />)}
      </section>
      <section class="card stack">
        <div class="row apart">
          <h2>{words.paymentsTitle}</h2>
          <p>
            <span class="quiet">{words.balance}</span>{" "}
            <strong class="number">{money(language, settings.currency, balance)}</strong>
          </p>
        </div>
        <ul class="entries">
          {payments.map((payment) => (
            <PaymentRow
              key={payment.paymentId}
              payment={payment}
              reservation={reservations.get(payment.reservationId)}
              onChange={reload}
            />
          ))}
        </ul>
      </section>
    </div>
  );
}

function OwnPage() {
  const words = useTicketsWords();
  const loading = useLoaded(async () => {
    const own = await readOwn();
    // A fan whose sign-in has ended is asked to sign in.
    if (own.error?.code === "UNAUTHENTICATED") signOut();
    return own;
  }, []);
  return (
    <>
      <div class="row apart">
        <h1>{words.title}</h1>
        {settings.localSignIn && (
          <p class="row quiet">
            {words.signedInAs(fanName() ?? "")}
            <button
              class="button plain"
              type="button"
              onClick={() => {
                signOut();
                location.reload();
              }}
            >
              {words.signOut}
            </button>
          </p>
        )}
      </div>
      <Loaded loading={loading}>
        {(own) => <OwnLists own={own} reload={loading.reload} />}
      </Loaded>
    </>
  );
}

function TicketsPage() {
  const words = useTicketsWords();
  return (
    <Frame title={words.title} path="/tickets">
      <div class="stack page">
        <SignedIn>
          <OwnPage />
        </SignedIn>
      </div>
    </Frame>
  );
}

start(<TicketsPage />);
