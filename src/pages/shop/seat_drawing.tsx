import type { MapSeat } from "@stanchion/client";
import { useMemo } from "preact/hooks";
import type { Plan, Spot } from "./geometry.ts";
import { PlanLabels } from "./plan_labels.tsx";
import type { View } from "./view_box.ts";
import { useShopWords } from "./words.ts";

/** Prices beyond so many share the last colour. */
export const TIERS = 6;
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

/** One path for all seats that look the same: a hall of thousands has a handful of elements. */
function dots(spots: readonly Spot[]): string {
  return spots.map(({ x, y }) => `M${x.toFixed(2)} ${y.toFixed(2)}h0`).join("");
}

function looksOf(prices: readonly number[], { status, own, price }: MapSeat): string {
  if (own) return "own";
  return status === "AVAILABLE" ? `tier-${Math.min(prices.indexOf(price) + 1, TIERS)}` : "taken";
}

export interface SeatDrawingProps {
  readonly plan: Plan;
  readonly view: View;
  /** The seats as they are now, by their ids. */
  readonly present: ReadonlyMap<number, MapSeat>;
  readonly chosen: ReadonlySet<number>;
  readonly prices: readonly number[];
  /** Where the keyboard is; null without one. */
  readonly cursor: Spot | null;
}

export function SeatDrawing(
  { plan, view, present, chosen, prices, cursor }: SeatDrawingProps,
) {
  const paths = useMemo(() => {
    const groups = Map.groupBy(
      plan.spots,
      ({ seat }) => looksOf(prices, present.get(seat.seatId) ?? seat),
    );
    return [...groups].map(([looks, spots]) => ({ looks, d: dots(spots) }));
  }, [plan, present, prices]);
  const picked = plan.spots.filter(({ seat }) => chosen.has(seat.seatId));
  return (
    <svg
      viewBox={`${view.x} ${view.y} ${view.width} ${view.height}`}
      preserveAspectRatio="xMidYMid meet"
      aria-hidden="true"
    >
      <Stage plan={plan} />
      {paths.map(({ looks, d }) => <path key={looks} class={`seats ${looks}`} d={d} />)}
      <path class="seats chosen" d={dots(picked)} />
      {picked.map(({ seat, x, y }) => (
        <path key={seat.seatId} class="check" d={`M${x - 0.2} ${y}l0.14 0.15 0.26-0.3`} />
      ))}
      <PlanLabels plan={plan} seen={view.width} />
      {cursor && <circle class="cursor" cx={cursor.x} cy={cursor.y} r={0.62} />}
    </svg>
  );
}
