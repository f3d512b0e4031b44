import type { components } from "@stanchion/client";
import { client } from "../shared/client.ts";
import { everyPage } from "../shared/every_page.ts";
import { dateAndTime, ownTime, zone } from "../shared/format.ts";
import { useLanguage } from "../shared/language.ts";
import { Loaded } from "../shared/loaded.tsx";
import { useLoaded } from "../shared/use_loaded.ts";
import { addressOf } from "./route.ts";
import { useShopWords } from "./words.ts";

type Concert = components["schemas"]["Concert"];
type Status = components["schemas"]["Schedule"]["status"];

const TONES: { readonly [S in Status]: string } = {
  ON_SALE: "good",
  SOLD_OUT: "bad",
  ENDED: "",
  WITHDRAWN: "bad",
};

/** The concerts that a fan admitted to the room may buy for. */
function useConcerts(room: string) {
  return useLoaded(
    async () => {
      const { data, error } = await everyPage<Concert>(async (cursor) => {
        const query = { limit: 500, ...cursor };
        const page = await client.GET("/v1/concerts", { params: { query } });
        const { data } = page;
        return {
          error: page.error,
          data: data && { items: data.concerts, nextCursor: data.nextCursor },
        };
      });
      return { error, data: data?.filter((concert) => concert.room === room) };
    },
    [room],
  );
}

function Dates({ concert }: { readonly concert: Concert }) {
  const words = useShopWords();
  const language = useLanguage();
  const { concertId, timeZone } = concert;
  const loading = useLoaded(
    () => client.GET("/v1/concerts/{concertId}/schedules", { params: { path: { concertId } } }),
    [concertId],
  );
  return (
    <Loaded loading={loading}>
      {({ schedules }) => (
        <ul class="dates">
          {schedules.map(({ scheduleId, concertAt, status }) => {
            const own = ownTime(language, concertAt, timeZone);
            return (
              <li key={scheduleId}>
                <div>
                  <strong>{dateAndTime(language, concertAt, timeZone)}</strong>
                  <p class="quiet small">
                    {zone(language, concertAt, timeZone)}
                    {own && ` · ${words.yours(own)}`}
                  </p>
                </div>
                {status === "ON_SALE"
                  ? (
                    <a
                      class="button main"
                      href={addressOf({ name: "seats", concertId, scheduleId })}
                    >
                      {words.choose}
                    </a>
                  )
                  : <span class={`tag ${TONES[status]}`}>{words.status[status]}</span>}
              </li>
            );
          })}
        </ul>
      )}
    </Loaded>
  );
}

/** The concerts of the room, with their dates. */
export function Concerts({ room }: { readonly room: string }) {
  const words = useShopWords();
  const loading = useConcerts(room);
  return (
    <div class="stack slim">
      <h1>{words.concerts}</h1>
      <Loaded loading={loading}>
        {(concerts) => {
          if (concerts.length === 0) return <p class="card">{words.none}</p>;
          return (
            <ul class="stack">
              {concerts.map((concert) => (
                <li key={concert.concertId} class="card concert">
                  <h2>{concert.title}</h2>
                  {concert.venue && <p class="venue">{concert.venue}</p>}
                  {concert.description && <p class="quiet">{concert.description}</p>}
                  <Dates concert={concert} />
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
      {/* A way back to held seats. To ask whether there are any would cost a call. */}
      <a href={addressOf({ name: "pay" })}>{words.toPay}</a>
    </div>
  );
}
