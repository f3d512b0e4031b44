import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useWords } from "../shared/language.ts";
import { type Layout, seatAt } from "./seat_layout.ts";
import { OPS } from "./words.ts";

const RADIUS = 0.38;
const STEP = 1.3;
const CLOSEST = 8;
/** A press that moves less far, in pixels, is a click. */
const CLICK_PX = 6;

export type SeatLetter = "A" | "H" | "S" | "B";
const LETTERS: readonly SeatLetter[] = ["A", "H", "S", "B"];

interface View {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One path for all seats of a kind: thousands of seats are a few elements. */
function pathOf(layout: Layout, seats: readonly number[]): string {
  return seats.map((seat) => {
    const [x, y] = layout.points[seat]!;
    const left = (x - RADIUS).toFixed(2);
    return `M${left} ${y.toFixed(2)}a${RADIUS} ${RADIUS} 0 1 0 ${2 * RADIUS} 0` +
      `a${RADIUS} ${RADIUS} 0 1 0 ${-2 * RADIUS} 0`;
  }).join("");
}

export interface SeatMapProps {
  readonly layout: Layout;
  /** A letter a seat. */
  readonly letters: string;
  readonly chosen: ReadonlySet<number>;
  /** Null where the map is only shown. */
  readonly onSeat: ((seat: number) => void) | null;
}

/** The seats as a drawing. All that it does, the list beside it does, too. */
export function SeatMap({ layout, letters, chosen, onSeat }: SeatMapProps) {
  const words = useWords(OPS);
  const { view, move, zoom, reset } = useView(layout);
  const svg = useRef<SVGSVGElement>(null);
  const pressed = useRef<{ x: number; y: number; moved: number } | null>(null);
  const paths = useMemo(
    () =>
      LETTERS.map((letter) => {
        const seats = layout.points.map((_, seat) => seat).filter((seat) =>
          letters[seat] === letter
        );
        return [letter, pathOf(layout, seats)] as const;
      }),
    [layout, letters],
  );
  const placeOf = (event: { clientX: number; clientY: number }) =>
    new DOMPoint(event.clientX, event.clientY).matrixTransform(
      svg.current!.getScreenCTM()!.inverse(),
    );
  const wheel = useRef<(event: WheelEvent) => void>(() => {});
  wheel.current = (event) => {
    event.preventDefault();
    zoom(event.deltaY < 0 ? STEP : 1 / STEP, placeOf(event));
  };
  useEffect(() => {
    // Preact's listeners may not stop the page from scrolling.
    const listener = (event: WheelEvent) => wheel.current(event);
    const element = svg.current!;
    element.addEventListener("wheel", listener, { passive: false });
    return () => element.removeEventListener("wheel", listener);
  }, []);
  const onMove = (event: PointerEvent) => {
    const from = pressed.current;
    if (!from) return;
    const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
    const scale = view.width / svg.current!.clientWidth;
    pressed.current = {
      x: event.clientX,
      y: event.clientY,
      moved: from.moved + Math.abs(dx) + Math.abs(dy),
    };
    if (pressed.current.moved > CLICK_PX) move(-dx * scale, -dy * scale);
  };
  const onUp = (event: PointerEvent) => {
    const isClick = pressed.current !== null && pressed.current.moved <= CLICK_PX;
    pressed.current = null;
    if (!isClick || !onSeat) return;
    const { x, y } = placeOf(event);
    const seat = seatAt(layout, x, y);
    if (seat !== null) onSeat(seat);
  };
  return (
    <div class="seat-map">
      <svg
        ref={svg}
        viewBox={`${view.x} ${view.y} ${view.width} ${view.height}`}
        role="img"
        aria-label={words.seatMap}
        onPointerDown={(event) => {
          pressed.current = { x: event.clientX, y: event.clientY, moved: 0 };
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={onMove}
        onPointerUp={onUp}
        onPointerCancel={() => pressed.current = null}
      >
        {layout.names.map(({ text, x, y }) => <text key={text} x={x - 0.4} y={y + 0.3}>{text}
        </text>)}
        {paths.map(([letter, path]) => <path key={letter} class={`seats-${letter}`} d={path} />)}
        <path class="seats-chosen" d={pathOf(layout, [...chosen])} />
      </svg>
      <div class="row">
        <button
          type="button"
          class="button"
          aria-label={words.zoomIn}
          onClick={() => zoom(STEP, null)}
        >
          +
        </button>
        <button
          type="button"
          class="button"
          aria-label={words.zoomOut}
          onClick={() => zoom(1 / STEP, null)}
        >
          −
        </button>
        {[["←", -1, 0], ["→", 1, 0], ["↑", 0, -1], ["↓", 0, 1]].map(([sign, x, y], index) => (
          <button
            key={sign}
            type="button"
            class="button"
            aria-label={words.directions[index]}
            onClick={() => move(Number(x) * view.width / 4, Number(y) * view.height / 4)}
          >
            {sign}
          </button>
        ))}
        <button type="button" class="button" onClick={reset}>{words.wholeMap}</button>
      </div>
      <ul class="legend">
        {LETTERS.map((letter) => (
          <li key={letter}>
            <svg viewBox="0 0 1 1" aria-hidden="true">
              <circle class={`seats-${letter}`} cx="0.5" cy="0.5" r="0.42" />
            </svg>
            {words.seatStates[letter]}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The part of the map that is seen. It never leaves the map. */
function useView({ width, height }: Layout) {
  const whole: View = { x: 0, y: 0, width, height };
  const [view, setView] = useState(whole);
  useEffect(() => setView(whole), [width, height]);
  const inside = ({ x, y, ...size }: View): View => ({
    x: Math.max(0, Math.min(width - size.width, x)),
    y: Math.max(0, Math.min(height - size.height, y)),
    ...size,
  });
  return {
    view,
    reset: () => setView(whole),
    move: (dx: number, dy: number) =>
      setView((view) => inside({ ...view, x: view.x + dx, y: view.y + dy })),
    /** About a point; null for the middle. */
    zoom: (factor: number, at: { readonly x: number; readonly y: number } | null) =>
      setView((view) => {
        const next = Math.min(width, Math.max(width / CLOSEST, view.width / factor));
        const applied = view.width / next;
        const { x, y } = at ?? { x: view.x + view.width / 2, y: view.y + view.height / 2 };
        return inside({
          x: x - (x - view.x) / applied,
          y: y - (y - view.y) / applied,
          width: view.width / applied,
          height: view.height / applied,
        });
      }),
  };
}
