import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import type { Sample } from "../observations.ts";
import type { Moments, RushResult } from "../rush_result.ts";

const WIDTH = 860;
const HEIGHT = 440;
/** More points are not visible at this width. */
const MAX_POINTS = 400;
const LINES = [
  { key: "waiting", label: "waiting", colour: "#c2410c" },
  { key: "admitted", label: "admitted", colour: "#1d4ed8" },
  { key: "sold", label: "seats sold", colour: "#15803d" },
] as const;
const LEGEND_STEP = 110;
const MARK_COLOUR = "#4b5563";

function thinOut(samples: readonly Sample[]): Sample[] {
  const step = Math.max(1, Math.ceil(samples.length / MAX_POINTS));
  return samples.filter((_, index) => index % step === 0 || index === samples.length - 1);
}

function createLegend() {
  return LINES.map(({ label, colour }, index) =>
    Plot.text([`● ${label}`], {
      frameAnchor: "top-left",
      dx: index * LEGEND_STEP,
      dy: -42,
      fill: colour,
      fontSize: 14,
      fontWeight: "bold",
    })
  );
}

/** A name is written away from the other one where it has the room, as a share of the width. */
const ROOM_OF_A_NAME = 0.18;

function createMark(seconds: number, text: string, textAnchor: "start" | "end") {
  return [
    Plot.ruleX([seconds], { stroke: MARK_COLOUR, strokeDasharray: "4 4" }),
    Plot.text([text], {
      x: [seconds],
      frameAnchor: "top",
      textAnchor,
      // Above the plot, where no line is.
      dx: textAnchor === "start" ? -3 : 3,
      dy: -18,
      fill: MARK_COLOUR,
      fontSize: 13,
    }),
  ];
}

/** Vertical lines at the opening and at the sell-out, with their names. */
function createMarks({ openedAtMs, soldOutAtMs }: Moments, samples: readonly Sample[]) {
  const [first, last] = [samples[0]?.atMs ?? openedAtMs, samples.at(-1)?.atMs ?? openedAtMs];
  const shareOf = (atMs: number) => (atMs - first) / Math.max(1, last - first);
  const opening = createMark(
    0,
    "opening",
    shareOf(openedAtMs) < ROOM_OF_A_NAME ? "start" : "end",
  );
  if (soldOutAtMs === null) return opening;
  const seconds = (soldOutAtMs - openedAtMs) / 1000;
  const soldOut = `sold out after ${seconds.toFixed(0)} s`;
  const anchor = shareOf(soldOutAtMs) > 1 - ROOM_OF_A_NAME ? "end" : "start";
  return [...opening, ...createMark(seconds, soldOut, anchor)];
}

/** The sale over time as a self-contained SVG document. */
export function drawSaleChart(
  { samples, moments }: Pick<RushResult, "samples" | "moments">,
  title: string,
): string {
  // Plot uses only what linkedom's document has.
  const { document } = parseHTML("<html><body></body></html>") as unknown as {
    document: NonNullable<Plot.PlotOptions["document"]>;
  };
  const { openedAtMs } = moments;
  const points = thinOut(samples).flatMap((sample) =>
    LINES.map(({ key, colour }) => ({
      seconds: (sample.atMs - openedAtMs) / 1000,
      count: sample[key],
      key,
      colour,
    }))
  );
  const svg = Plot.plot({
    document,
    width: WIDTH,
    height: HEIGHT,
    marginTop: 86,
    marginLeft: 72,
    marginBottom: 48,
    marginRight: 24,
    style: { fontSize: "13px", background: "white", color: "#1f2937" },
    x: { label: "seconds since the opening", labelAnchor: "center", labelArrow: "none" },
    y: {
      label: "fans, or seats",
      labelAnchor: "center",
      labelArrow: "none",
      grid: true,
      zero: true,
    },
    marks: [
      Plot.ruleY([0]),
      ...createMarks(moments, samples),
      Plot.line(points, {
        x: "seconds",
        y: "count",
        z: "key",
        stroke: "colour",
        strokeWidth: 2.25,
      }),
      ...createLegend(),
      Plot.text([title], {
        frameAnchor: "top-left",
        dy: -70,
        fontSize: 15,
        fill: "#1f2937",
        fontWeight: "bold",
      }),
    ],
  });
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const background = `<rect width="${WIDTH}" height="${HEIGHT}" fill="white" />`;
  return svg.outerHTML.replace("</style>", `</style>${background}`) + "\n";
}
