import type { MapSeat } from "@stanchion/client";
import { useMemo, useRef } from "preact/hooks";
import { useWords } from "../shared/language.ts";
import { type Plan, planOf, type Spot } from "../shop/geometry.ts";
import { PlanLabels } from "../shop/plan_labels.tsx";
import { usePointers } from "../shop/use_pointers.ts";
import { useView } from "../shop/use_view.ts";
import { moved } from "../shop/view_box.ts";
import type { SeatLetter } from "./seat.ts";
import { OPS } from "./words.ts";

const ZOOM_STEP = 1.6;
/** How near to a seat a tap must be, in seats. */
const REACH = 0.8;
/** Seats that are smaller are not chosen by a tap: it shows them larger. */
const LEAST_TAP_PX = 16;
const LETTERS: readonly SeatLetter[] = ["A", "H", "S", "B"];

/** What is drawn at a seat: a status has a shape of its own, so that colour is not all. */
const SHAPES: Readonly<Record<SeatLetter | "chosen", string>> = {
  A: "h0",
  H: "m-.25 0a.25 .25 0 1 0 .5 0a.25 .25 0 1 0 -.5 0",
  S: "h0",
  B: "m-.22 -.22l.44 .44m0 -.44l-.44 .44",
  chosen: "h0",
};

/** One path for all seats of a status: thousands of seats are a few elements. */
function pathOf(spots: readonly Pick<Spot, "x" | "y">[], shape: keyof typeof SHAPES): string {
  return spots.map(({ x, y }) => `M${x.toFixed(2)} ${y.toFixed(2)}${SHAPES[shape]}`).join("");
}

export interface SeatMapProps {
  /** Another array only when the seats are others. */
  readonly seats: readonly MapSeat[];
  readonly letterOf: (seatId: number) => SeatLetter;
  readonly chosen: ReadonlySet<number>;
  /** Null where the map is only shown. */
  readonly onSeat: ((seatId: number) => void) | null;
}

/** The seats as a drawing. All that it does, the list beside it does, too. */
export function SeatMap({ seats, letterOf, chosen, onSeat }: SeatMapProps) {
  const words = useWords(OPS);
  const frame = useRef<HTMLDivElement>(null);
  const plan = useMemo(() => planOf(seats), [seats]);
  const { view, setView, isWhole, showAll, zoom } = useView(frame, plan);
  const pointers = usePointers(frame, { view, setView, plan, isWhole }, (x, y, unitPx) => {
    const spot = plan.nearest(x, y, REACH);
    if (!spot || !onSeat) return;
    if (unitPx < LEAST_TAP_PX) zoom(LEAST_TAP_PX * 2 / unitPx, spot);
    else onSeat(spot.seat.seatId);
  });
  const paths = useMemo(() => {
    const byLetter = Map.groupBy(plan.spots, ({ seat }) => letterOf(seat.seatId));
    return [...byLetter].map(([letter, spots]) => [letter, pathOf(spots, letter)] as const);
  }, [plan, letterOf]);
  const picked = plan.spots.filter(({ seat }) => chosen.has(seat.seatId));
  const move = (x: number, y: number) =>
    setView((seen) => moved(seen, x * seen.width / 4, y * seen.height / 4, plan));
  return (
    <div class="seat-map">
      <div
        ref={frame}
        class="plan"
        style={{ aspectRatio: `${plan.width} / ${plan.height}` }}
        {...pointers}
      >
        <svg
          viewBox={`${view.x} ${view.y} ${view.width} ${view.height}`}
          role="img"
          aria-label={words.seatMap}
        >
          {paths.map(([letter, d]) => <path key={letter} class={`seats seats-${letter}`} d={d} />)}
          <path class="seats seats-chosen" d={pathOf(picked, "chosen")} />
          <Stage plan={plan} />
          <PlanLabels plan={plan} seen={view.width} />
        </svg>
      </div>
      <MapButtons zoom={zoom} move={move} showAll={showAll} />
      {onSeat && <Legend />}
    </div>
  );
}

function Legend() {
  const words = useWords(OPS);
  return (
    <ul class="legend">
      {LETTERS.map((letter) => (
        <li key={letter}>
          <svg viewBox="0 0 1 1" aria-hidden="true">
            <path class={`seats seats-${letter}`} d={pathOf([{ x: 0.5, y: 0.5 }], letter)} />
          </svg>
          {words.seatStates[letter]}
        </li>
      ))}
    </ul>
  );
}

function Stage({ plan: { width, stage } }: { readonly plan: Plan }) {
  const words = useWords(OPS);
  return (
    <text class="stage" x={width / 2} y={0.4 + stage * 0.7} font-size={stage * 0.6}>
      {words.stage}
    </text>
  );
}

interface MapButtonsProps {
  readonly zoom: (factor: number) => void;
  readonly move: (x: number, y: number) => void;
  readonly showAll: () => void;
}

function MapButtons({ zoom, move, showAll }: MapButtonsProps) {
  const words = useWords(OPS);
  const button = (sign: string, name: string, act: () => void) => (
    <button key={sign} type="button" class="button" aria-label={name} onClick={act}>{sign}</button>
  );
  const [left, right, up, down] = words.directions;
  return (
    <div class="row">
      {button("+", words.zoomIn, () => zoom(ZOOM_STEP))}
      {button("−", words.zoomOut, () => zoom(1 / ZOOM_STEP))}
      {button("←", left!, () => move(-1, 0))}
      {button("→", right!, () => move(1, 0))}
      {button("↑", up!, () => move(0, -1))}
      {button("↓", down!, () => move(0, 1))}
      <button type="button" class="button" onClick={showAll}>{words.wholeMap}</button>
    </div>
  );
}
