import type { MapSeat } from "@stanchion/client";
import type { ComponentChildren } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import { money } from "../shared/format.ts";
import { type Language, useLanguage } from "../shared/language.ts";
import { seatName } from "../shared/seat_name.ts";
import { settings } from "../shared/settings.ts";
import type { ShopWords } from "../words/en/shop.ts";
import { type Direction, neighbour, type Plan, planOf, type Spot } from "./geometry.ts";
import { SeatDrawing } from "./seat_drawing.tsx";
import { usePointers } from "./use_pointers.ts";
import { useView } from "./use_view.ts";
import { moved, type View } from "./view_box.ts";
import { useShopWords } from "./words.ts";

const KEYS: Readonly<Record<string, Direction>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};
const ZOOM_STEP = 1.6;
/** Below this size on the screen a tap shows the seats larger, instead of guessing which is meant. */
const LEAST_TAP_PX = 16;
/** How near to a seat a tap must be, in seats. */
const REACH = 0.8;

export interface SeatMapProps {
  readonly seats: readonly MapSeat[];
  readonly chosen: ReadonlySet<number>;
  /** The prices, the highest first: each has a colour. */
  readonly prices: readonly number[];
  readonly onToggle: (seat: MapSeat) => void;
  /** What the colours say. */
  readonly children: ComponentChildren;
}

/** A seat as a screen reader says it. */
function described(
  words: ShopWords,
  language: Language,
  seat: MapSeat,
  isChosen: boolean,
): string {
  const free = seat.status === "AVAILABLE" ? words.free : words.taken;
  const state = isChosen ? words.chosen : seat.own ? words.mine : free;
  return `${seatName(words, seat)}, ${money(language, settings.currency, seat.price)}, ${state}`;
}

/** The seat that the keyboard is at. */
function useCursor(
  plan: Plan,
  { setView, showAll, zoom }: ReturnType<typeof useView>,
  toggle: (spot: Spot) => void,
) {
  const [cursor, setCursor] = useState<Spot | null>(null);
  const acts: Readonly<Record<string, () => void>> = {
    "Enter": () => toggle(cursor ?? plan.spots[0]!),
    " ": () => toggle(cursor ?? plan.spots[0]!),
    "+": () => zoom(ZOOM_STEP, cursor),
    "=": () => zoom(ZOOM_STEP, cursor),
    "-": () => zoom(1 / ZOOM_STEP, cursor),
    "0": showAll,
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const direction = KEYS[event.key];
    if (direction) {
      const next = cursor ? neighbour(plan, cursor, direction) : plan.spots[0]!;
      setCursor(next);
      setView((seen) => containing(seen, next, plan));
    } else if (event.key in acts) acts[event.key]!();
    else return;
    event.preventDefault();
  };
  return { cursor, setCursor, onKeyDown };
}

/** The plan as a drawing that is chosen from by finger, mouse or keyboard. */
export function SeatMap({ seats, chosen, prices, onToggle, children }: SeatMapProps) {
  const words = useShopWords();
  const language = useLanguage();
  const frame = useRef<HTMLDivElement>(null);
  const layout = useMemo(() => seats.map(({ seatId }) => seatId).join(), [seats]);
  const plan = useMemo(() => planOf(seats), [layout]);
  const present = useMemo(() => new Map(seats.map((seat) => [seat.seatId, seat])), [seats]);
  const seen = useView(frame, plan);
  const { view, setView, isWhole, zoom, showAll } = seen;
  const [focused, setFocused] = useState(false);
  const toggle = (spot: Spot) => {
    setCursor(spot);
    onToggle(present.get(spot.seat.seatId)!);
  };
  const { cursor, setCursor, onKeyDown } = useCursor(plan, seen, toggle);
  const pointers = usePointers(frame, { view, setView, plan, isWhole }, (x, y, unitPx) => {
    const spot = plan.nearest(x, y, REACH);
    if (!spot) return;
    if (unitPx < LEAST_TAP_PX) zoom(LEAST_TAP_PX * 2 / unitPx, spot);
    else toggle(spot);
  });
  const current = focused ? cursor : null;
  const at = current && present.get(current.seat.seatId)!;
  return (
    <div class="map">
      <div class="map-head">
        {children}
        <div class="zoom">
          <button type="button" aria-label={words.zoomIn} onClick={() => zoom(ZOOM_STEP)}>+</button>
          <button type="button" aria-label={words.zoomOut} onClick={() => zoom(1 / ZOOM_STEP)}>
            −
          </button>
          <button type="button" aria-label={words.showAll} disabled={isWhole} onClick={showAll}>
            <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
              <path d="M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5" />
            </svg>
          </button>
        </div>
      </div>
      <div
        ref={frame}
        class={`plan ${isWhole ? "whole" : ""}`}
        style={{ aspectRatio: `${plan.width} / ${plan.height}` }}
        tabIndex={0}
        role="application"
        aria-label={words.map}
        aria-describedby="map-hint"
        onKeyDown={onKeyDown}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
        {...pointers}
      >
        <SeatDrawing {...{ plan, view, present, chosen, prices }} cursor={current} />
      </div>
      <p id="map-hint" class="hidden-text">{words.mapHint}</p>
      <p class="hidden-text" aria-live="assertive">
        {at && described(words, language, at, chosen.has(at.seatId))}
      </p>
    </div>
  );
}

/** The view moved as little as shows the spot. */
function containing(view: View, { x, y }: Spot, plan: Plan): View {
  const beyond = (at: number, from: number, seen: number) =>
    at < from + 1 ? at - from - 1 : at > from + seen - 1 ? at - from - seen + 1 : 0;
  return moved(view, beyond(x, view.x, view.width), beyond(y, view.y, view.height), plan);
}
