import type { components } from "@stanchion/client";
import { useEffect, useState } from "preact/hooks";
import { ticketWords as en } from "../words/en/ticket.ts";
import { ticketWords as ko } from "../words/ko/ticket.ts";
import { shop as shopEn } from "../words/en/shop.ts";
import { shop as shopKo } from "../words/ko/shop.ts";
import { client } from "./client.ts";
import { dateAndTime, ownTime, zone } from "./format.ts";
import { useLanguage, useWords } from "./language.ts";
import { seatName } from "./seat_name.ts";

export type Ticket = components["schemas"]["Ticket"];

const WORDS = { en, ko };
const SHOP_WORDS = { en: shopEn, ko: shopKo };
const TONES = { VALID: "good", CHECKED_IN: "", VOID: "bad" } as const;

/** The code as an image that asks no server. */
function useCode({ ticketId, status }: Ticket): string | null {
  const [code, setCode] = useState<string | null>(null);
  useEffect(() => {
    if (status === "VOID") return setCode(null);
    client.GET("/v1/tickets/{ticketId}/qr.svg", { params: { path: { ticketId } } })
      .then(({ data }) => data && setCode(`data:image/svg+xml,${encodeURIComponent(data)}`))
      .catch(() => {});
  }, [ticketId, status]);
  return code;
}

/** A ticket as it is shown at the door. */
export function TicketCard({ ticket }: { readonly ticket: Ticket }) {
  const words = useWords(WORDS);
  const shop = useWords(SHOP_WORDS);
  const language = useLanguage();
  const code = useCode(ticket);
  const { concertTitle, concertAt, timeZone, venue, section, row, seatLabel, status } = ticket;
  const own = ownTime(language, concertAt, timeZone);
  const seat = seatName(shop, { section, row, label: seatLabel });
  return (
    <article class={`ticket ${status === "VALID" ? "" : "used"}`}>
      <div class="ticket-text">
        <h3>{concertTitle}</h3>
        <p>
          {dateAndTime(language, concertAt, timeZone)}{" "}
          <span class="quiet small">{zone(language, concertAt, timeZone)}</span>
        </p>
        {own && <p class="quiet small">{shop.yours(own)}</p>}
        {venue && <p class="quiet">{venue}</p>}
        <p class="ticket-seat">{seat}</p>
        <span class={`tag ${TONES[status]}`}>{words.status[status]}</span>
      </div>
      {status !== "VOID" && (
        <div class="ticket-code">
          {code && <img src={code} alt={`${shop.code}: ${concertTitle}, ${seat}`} />}
        </div>
      )}
    </article>
  );
}
