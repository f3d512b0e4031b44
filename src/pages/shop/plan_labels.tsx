import type { Plan } from "./geometry.ts";

/**
 * Beyond so many seats from side to side, the names of rows would be specks, and that of a section
 * stands in its middle.
 */
const ROWS_WITHIN = 45;
/** The names of sections grow with what is seen, so that they can be read. */
const SECTION_SHARE = 0.03;

/** The names of sections and rows, for fans and operators; `seen` is the width of what is seen. */
export function PlanLabels({ plan, seen }: { readonly plan: Plan; readonly seen: number }) {
  const size = Math.max(0.9, seen * SECTION_SHARE);
  const isNear = seen < ROWS_WITHIN;
  return (
    <>
      {plan.labels.map(({ text, x, y, kind, above }) =>
        kind === "section"
          ? (
            <text
              key={`section ${text}`}
              class="label-section"
              x={isNear ? above!.x : x}
              y={isNear ? above!.y + 0.3 : y + size / 3}
              font-size={isNear ? 0.9 : size}
            >
              {text}
            </text>
          )
          : isNear && (
            <text key={`row ${x} ${y}`} class="label-row" x={x} y={y + 0.2} font-size={0.55}>
              {text}
            </text>
          )
      )}
    </>
  );
}
