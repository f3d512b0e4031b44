import { client } from "../shared/client.ts";
import { Loaded } from "../shared/loaded.tsx";
import { useLoaded } from "../shared/use_loaded.ts";
import { TicketCard } from "../shared/ticket.tsx";
import { useShopWords } from "./words.ts";

/** The tickets of the payment that was made now. */
export function Done({ reservationIds }: { readonly reservationIds: readonly string[] }) {
  const words = useShopWords();
  const loading = useLoaded(
    () => client.GET("/v1/tickets", { params: { query: { limit: 100 } } }),
    [reservationIds.join()],
  );
  return (
    <div class="stack slim">
      <h1>{words.doneTitle}</h1>
      <p class="notice good" role="status">{words.doneHint}</p>
      <Loaded loading={loading}>
        {({ items }) => (
          <div class="stack">
            {items.filter(({ reservationId }) => reservationIds.includes(reservationId))
              .map((ticket) => <TicketCard key={ticket.ticketId} ticket={ticket} />)}
          </div>
        )}
      </Loaded>
      <a class="button wide" href="/tickets">{words.seeTickets}</a>
    </div>
  );
}
