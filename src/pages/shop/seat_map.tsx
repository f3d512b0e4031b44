import type { MapSeat } from "@stanchion/client";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { money } from "../shared/format.ts";
import { useLanguage } from "../shared/language.ts";
import { seatName } from "../shared/seat_name.ts";
import { type Direction, neighbour, type Plan, planOf, type Spot } from "./geometry.ts";
import { moved, type View, wholeView, zoomed } from "./view_box.ts";
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
/** A pointer that moved further drags. */
const DRAG_PX = 8;
/** How near to a seat a tap must be, in seats. */
const REACH = 0.8;

/** Beyond so many seats from side to side, the names of rows would be specks. */
const ROWS_WITHIN = 45;
/** The names of sections grow with what is seen, so that they can be read. */
const SECTION_SHARE = 0.03;

function Stage({ plan: { width, stage } }: { readonly plan: Plan }) {
  const words = useShopWords();
  const [left, right] = [width * 0.24, width * 0.76];
  return (
    <>
      <path class="stage" d={`M${left} 0.3H${right}l${-stage} ${stage}H${left + stage}z`} />
      <text class="stage-name" x={width / 2} y={0.3 + stage * 0.72} font-size={stage * 0.6}>
        {words.stage}
      </text>
    </>
  );
}

function Labels({ plan, seen }: { readonly plan: Plan; readonly seen: number }) {
  const size = Math.max(0.9, seen * SECTION_SHARE);
  return (
    <>
      {plan.labels.map(({ text, x, y, kind }) =>
        kind === "section"
          ? (
            <text
              key={`section ${text}`}
              class="label-section"
              x={x}
              y={y + size / 3}
              font-size={size}
            >
              {text}
            </text>
          )
          : seen < ROWS_WITHIN && (
            <text key={`row ${x} ${y}`} class="label-row" x={x} y={y + 0.2} font-size={0.55}>
              {text}
            </text>
          )
      )}
    </>
  );
}

export interface SeatMapProps {
  readonly seats: readonly MapSeat[];
  readonly chosen: ReadonlySet<number>;
  readonly currency: string;
  /** The prices, the highest first: each has a colour. */
  readonly prices: readonly number[];
  readonly onToggle: (seat: MapSeat) => void;
}

/** One path for all seats that look the same: a hall of thousands has a handful of elements. */
function dots(spots: readonly Spot[]): string {
  return spots.map(({ x, y }) => `M${x.toFixed(2)} ${y.toFixed(2)}h0`).join("");
}

function looksOf(prices: readonly number[], { status, own, price }: MapSeat): string {
  if (own) return "own";
  return status === "AVAILABLE" ? `tier-${Math.min(prices.indexOf(price), 5) + 1}` : "taken";
}

interface Frame {
  readonly view: View;
  readonly setView: (change: (view: View) => View) => void;
  readonly plan: Plan;
}

/** Fingers, mouse and wheel. */
function usePointers(
  frame: { readonly current: HTMLDivElement | null },
  { view, setView, plan }: Frame,
  onTap: (x: number, y: number, unitPx: number) => void,
) {
  const pointers = useRef(new Map<number, { x: number; y: number }>());
  const travelled = useRef(0);
  const at = (clientX: number, clientY: number, seen: View) => {
    const box = frame.current!.getBoundingClientRect();
    const scale = seen.width / box.width;
    return { x: seen.x + (clientX - box.left) * scale, y: seen.y + (clientY - box.top) * scale };
  };
  useEffect(() => {
    const element = frame.current!;
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const factor = Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.06 : 0.0025));
      setView((seen) => zoomed(seen, factor, at(event.clientX, event.clientY, seen), plan));
    };
    // Preact would add a passive one.
    element.addEventListener("wheel", wheel, { passive: false });
    return () => element.removeEventListener("wheel", wheel);
  }, [plan]);
  return {
    onPointerDown(event: PointerEvent) {
      if (pointers.current.size === 0) travelled.current = 0;
      pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
      frame.current!.setPointerCapture(event.pointerId);
    },
    onPointerMove(event: PointerEvent) {
      const before = pointers.current.get(event.pointerId);
      if (!before) return;
      const now = { x: event.clientX, y: event.clientY };
      const others = [...pointers.current].filter(([id]) => id !== event.pointerId);
      pointers.current.set(event.pointerId, now);
      travelled.current += Math.hypot(now.x - before.x, now.y - before.y);
      if (travelled.current < DRAG_PX) return;
      const scale = view.width / frame.current!.clientWidth;
      const other = others[0]?.[1];
      if (!other) {
        setView((seen) =>
          moved(seen, (before.x - now.x) * scale, (before.y - now.y) * scale, plan)
        );
        return;
      }
      const factor = Math.hypot(now.x - other.x, now.y - other.y) /
        Math.max(1, Math.hypot(before.x - other.x, before.y - other.y));
      const [x, y] = [(now.x + other.x) / 2, (now.y + other.y) / 2];
      setView((seen) => zoomed(seen, factor, at(x, y, seen), plan));
    },
    onPointerUp(event: PointerEvent) {
      const last = pointers.current.size === 1 && pointers.current.delete(event.pointerId);
      pointers.current.delete(event.pointerId);
      if (!last || travelled.current >= DRAG_PX) return;
      const { x, y } = at(event.clientX, event.clientY, view);
      onTap(x, y, frame.current!.clientWidth / view.width);
    },
    onPointerCancel(event: PointerEvent) {
      pointers.current.delete(event.pointerId);
    },
  };
}

/** The plan as a drawing that is chosen from by finger, mouse or keyboard. */
export function SeatMap({ seats, chosen, currency, prices, onToggle }: SeatMapProps) {
  const words = useShopWords();
  const language = useLanguage();
  const frame = useRef<HTMLDivElement>(null);
  const layout = seats.map(({ seatId }) => seatId).join();
  const plan = useMemo(() => planOf(seats), [layout]);
  const [shape, setShape] = useState(1);
  const [view, setView] = useState<View>(() => wholeView(plan.width, plan.height, shape));
  const [cursor, setCursor] = useState<Spot | null>(null);
  const [focused, setFocused] = useState(false);
  const showAll = () => setView(wholeView(plan.width, plan.height, shape));
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect;
      if (width > 0 && height > 0) setShape(width / height);
    });
    observer.observe(frame.current!);
    return () => observer.disconnect();
  }, []);
  useEffect(showAll, [plan, shape]);

  const present = useMemo(() => new Map(seats.map((seat) => [seat.seatId, seat])), [seats]);
  const paths = useMemo(() => {
    const groups = Map.groupBy(
      plan.spots,
      ({ seat }) => looksOf(prices, present.get(seat.seatId) ?? seat),
    );
    return [...groups].map(([looks, spots]) => ({ looks, d: dots(spots) }));
  }, [plan, present, prices]);

  const zoom = (factor: number, at = middle(view)) =>
    setView((seen) => zoomed(seen, factor, at, plan));
  const pointers = usePointers(frame, { view, setView, plan }, (x, y, unitPx) => {
    const spot = plan.nearest(x, y, REACH);
    if (!spot) return;
    if (unitPx < LEAST_TAP_PX) return zoom(LEAST_TAP_PX * 2 / unitPx, spot);
    setCursor(spot);
    onToggle(present.get(spot.seat.seatId)!);
  });
  const key = (event: KeyboardEvent) => {
    const direction = KEYS[event.key];
    const from = cursor ?? plan.spots[0]!;
    if (direction) {
      const next = cursor ? neighbour(plan, from, direction) : from;
      setCursor(next);
      setView((seen) => containing(seen, next, plan));
    } else if (event.key === "Enter" || event.key === " ") {
      setCursor(from);
      onToggle(present.get(from.seat.seatId)!);
    } else if (event.key === "+" || event.key === "=") zoom(ZOOM_STEP, cursor ?? middle(view));
    else if (event.key === "-") zoom(1 / ZOOM_STEP, cursor ?? middle(view));
    else if (event.key === "0") showAll();
    else return;
    event.preventDefault();
  };
  const describe = ({ seat }: Spot) => {
    const now = present.get(seat.seatId)!;
    const state = chosen.has(seat.seatId)
      ? words.chosen
      : now.own
      ? words.mine
      : now.status === "AVAILABLE"
      ? words.free
      : words.taken;
    return `${seatName(words, seat)}, ${money(language, currency, now.price)}, ${state}`;
  };
  const isWhole = view.width >= wholeView(plan.width, plan.height, shape).width - 0.01;
  const picked = plan.spots.filter(({ seat }) => chosen.has(seat.seatId));
  return (
    <div class="map">
      <div
        ref={frame}
        class={`plan ${isWhole ? "whole" : ""}`}
        style={{ aspectRatio: `${plan.width} / ${plan.height}` }}
        tabIndex={0}
        role="application"
        aria-label={words.map}
        aria-describedby="map-hint"
        onKeyDown={key}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
        {...pointers}
      >
        <svg
          viewBox={`${view.x} ${view.y} ${view.width} ${view.height}`}
          preserveAspectRatio="xMidYMid meet"
          aria-hidden="true"
        >
          <Stage plan={plan} />
          {paths.map(({ looks, d }) => <path key={looks} class={`seats ${looks}`} d={d} />)}
          <path class="seats chosen" d={dots(picked)} />
          {picked.map(({ seat, x, y }) => (
            <path
              key={seat.seatId}
              class="check"
              d={`M${x - 0.2} ${y}l0.14 0.15 0.26-0.3`}
            />
          ))}
          <Labels plan={plan} seen={view.width} />
          {focused && cursor && <circle class="cursor" cx={cursor.x} cy={cursor.y} r={0.62} />}
        </svg>
      </div>
      <div class="zoom">
        <button type="button" aria-label={words.zoomIn} onClick={() => zoom(ZOOM_STEP)}>+</button>
        <button type="button" aria-label={words.zoomOut} onClick={() => zoom(1 / ZOOM_STEP)}>
          −
        </button>
        {!isWhole && <button type="button" class="small" onClick={showAll}>{words.showAll}</button>}
      </div>
      <p id="map-hint" class="hidden-text">{words.mapHint}</p>
      <p class="hidden-text" aria-live="assertive">{focused && cursor ? describe(cursor) : ""}</p>
    </div>
  );
}

function middle({ x, y, width, height }: View) {
  return { x: x + width / 2, y: y + height / 2 };
}

/** The view moved as little as shows the spot. */
function containing(view: View, { x, y }: Spot, plan: Plan): View {
  const beyond = (at: number, from: number, seen: number) =>
    at < from + 1 ? at - from - 1 : at > from + seen - 1 ? at - from - seen + 1 : 0;
  return moved(view, beyond(x, view.x, view.width), beyond(y, view.y, view.height), plan);
}
