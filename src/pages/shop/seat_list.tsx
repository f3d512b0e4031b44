import type { MapSeat } from "@stanchion/client";
import { useState } from "preact/hooks";
import { count, money } from "../shared/format.ts";
import { useLanguage } from "../shared/language.ts";
import { seatName } from "../shared/seat_name.ts";
import { settings } from "../shared/settings.ts";
import type { SeatMapProps } from "./seat_map.tsx";
import { useShopWords } from "./words.ts";

function SeatButton({ seat, chosen, onToggle }: {
  readonly seat: MapSeat;
  readonly chosen: boolean;
  readonly onToggle: (seat: MapSeat) => void;
}) {
  const words = useShopWords();
  const language = useLanguage();
  return (
    <button
      type="button"
      aria-pressed={chosen}
      onClick={() => onToggle(seat)}
    >
      <span class="hidden-text">{seatName(words, { ...seat, label: "" })}</span>
      {seat.label}
      <span class="hidden-text">, {money(language, settings.currency, seat.price)}</span>
    </button>
  );
}

type ListProps = Omit<SeatMapProps, "prices" | "children">;

/** The rows of one section: its free seats as buttons. */
function Rows({ seats, chosen, onToggle }: ListProps) {
  const words = useShopWords();
  const language = useLanguage();
  return (
    <>
      {[...Map.groupBy(seats, ({ row, price }) => `${row} ${price}`)].map(([name, ofRow]) => (
        <div key={name} class="list-row">
          <h4>
            {ofRow[0]!.row !== null && words.row(ofRow[0]!.row)}{" "}
            <span class="quiet">{money(language, settings.currency, ofRow[0]!.price)}</span>
          </h4>
          <div class="list-seats">
            {ofRow.map((seat) => (
              <SeatButton
                key={seat.seatId}
                seat={seat}
                chosen={chosen.has(seat.seatId)}
                onToggle={onToggle}
              />
            ))}
          </div>
        </div>
      ))}
    </>
  );
}

/** The free seats as a list. A section is drawn when it is opened, since halls are large. */
export function SeatList({ seats, ...rest }: ListProps) {
  const words = useShopWords();
  const language = useLanguage();
  const [open, setOpen] = useState<ReadonlySet<string | null>>(new Set());
  const sections = [...Map.groupBy(seats, ({ section }) => section)];
  return (
    <section class="list" aria-label={words.list}>
      {sections.map(([section, ofSection]) => {
        const free = ofSection.filter(({ status }) => status === "AVAILABLE");
        const isOpen = open.has(section);
        const toggle = (event: { currentTarget: { open: boolean } }) => {
          const next = new Set(open);
          if (event.currentTarget.open) next.add(section);
          else next.delete(section);
          setOpen(next);
        };
        return (
          <details key={section} open={isOpen} onToggle={toggle}>
            <summary>
              <span>{section === null ? words.asList : words.section(section)}</span>
              <span class="quiet small number">
                {free.length > 0 ? words.left(count(language, free.length)) : words.noneFree}
              </span>
            </summary>
            {isOpen && <Rows seats={free} {...rest} />}
          </details>
        );
      })}
    </section>
  );
}
