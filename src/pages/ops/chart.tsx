import { OWN_ZONE, time as timeOf } from "../shared/format.ts";
import { useLanguage, useWords } from "../shared/language.ts";
import { OPS } from "./words.ts";

const WIDTH = 320;
const HEIGHT = 96;
const EDGE = 3;

export interface Series {
  readonly name: string;
  /** One for each time; null where there is none. */
  readonly values: readonly (number | null)[];
}

export interface ChartProps {
  readonly title: string;
  /** Epoch milliseconds, ascending. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
  /** The lower and the upper end of a range that is drawn behind the lines. */
  readonly range?: readonly [low: Series, high: Series];
  readonly note?: string;
}

/** The part of the path of each run of values that are there. */
function pathOf(points: readonly (readonly [x: number, y: number] | null)[]): string {
  let path = "";
  let isDown = false;
  for (const point of points) {
    if (point) {
      // A value alone is a dot.
      path += `${isDown ? "L" : "M"}${point[0].toFixed(1)} ${point[1].toFixed(1)}`;
      if (!isDown) path += "h0.01";
    }
    isDown = point !== null;
  }
  return path;
}

/** Lines over the last hour. The numbers are in the table below all charts, too. */
export function Chart({ title, times, series, format, range, note }: ChartProps) {
  const words = useWords(OPS);
  const language = useLanguage();
  const all = [...series, ...range ?? []];
  const present = all.flatMap(({ values }) => values.filter((value) => value !== null));
  const highest = Math.max(1, ...present);
  const [first = 0, last = 1] = [times[0], times.at(-1)];
  const span = Math.max(1, last - first);
  const at = (index: number, value: number): [number, number] => [
    EDGE + (times[index]! - first) / span * (WIDTH - 2 * EDGE),
    HEIGHT - EDGE - value / highest * (HEIGHT - 2 * EDGE),
  ];
  const points = ({ values }: Series) =>
    values.map((value, index) => value === null ? null : at(index, value));
  const clock = (ms: number) => timeOf(language, new Date(ms).toISOString(), OWN_ZONE);
  const latest = ({ values }: Series) => values.findLast((value) => value !== null) ?? null;
  const said = (one: Series) => {
    const value = latest(one);
    return `${one.name}: ${value === null ? "–" : format(value)}`;
  };
  const band = range && [
    ...points(range[0]).filter((point) => point !== null),
    ...points(range[1]).filter((point) => point !== null).reverse(),
  ];
  return (
    <figure class="chart">
      <figcaption>
        <h3>{title}</h3>
        <ul class="legend">
          {series.map((one, index) => <li key={one.name} class={`series-${index}`}>{said(one)}
          </li>)}
        </ul>
      </figcaption>
      {note && <p class="quiet small">{note}</p>}
      {present.length === 0 ? <p class="quiet">{words.nothingYet}</p> : (
        <>
          <svg
            viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
            preserveAspectRatio="none"
            role="img"
            aria-label={`${title}. ${series.map(said).join(", ")}`}
          >
            {[0, 0.5, 1].map((share) => (
              <line
                key={share}
                class="grid"
                x1={0}
                x2={WIDTH}
                y1={EDGE + share * (HEIGHT - 2 * EDGE)}
                y2={EDGE + share * (HEIGHT - 2 * EDGE)}
              />
            ))}
            {band && band.length > 2 && <polygon class="band" points={band.join(" ")} />}
            {series.map((one, index) => (
              <path key={one.name} class={`series-${index}`} d={pathOf(points(one))} />
            ))}
          </svg>
          <p class="axis quiet small number">
            <span>{clock(first)}</span>
            <span>{words.highest(format(highest))}</span>
            <span>{clock(last)}</span>
          </p>
        </>
      )}
    </figure>
  );
}
