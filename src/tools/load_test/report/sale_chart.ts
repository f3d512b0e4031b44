import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import type { Sample } from "../observations.ts";

const WIDTH = 860;
const HEIGHT = 420;
/** More points are not visible at this width. */
const MAX_POINTS = 400;
const LINES = [
  { key: "waiting", label: "waiting", colour: "#c2410c" },
  { key: "admitted", label: "admitted", colour: "#1d4ed8" },
  { key: "sold", label: "seats sold", colour: "#15803d" },
] as const;
const LEGEND_STEP = 110;

function thinOut(samples: readonly Sample[]): Sample[] {
  const step = Math.max(1, Math.ceil(samples.length / MAX_POINTS));
  return samples.filter((_, index) => index % step === 0 || index === samples.length - 1);
}

function createLegend() {
  return LINES.map(({ label, colour }, index) =>
    Plot.text([`● ${label}`], {
      frameAnchor: "top-left",
      dx: index * LEGEND_STEP,
      dy: -22,
      fill: colour,
      fontSize: 14,
      fontWeight: "bold",
    })
  );
}

/** The sale over time as a self-contained SVG document. */
export function drawSaleChart(samples: readonly Sample[], title: string): string {
  // Plot uses only what linkedom's document has.
  const { document } = parseHTML("<html><body></body></html>") as unknown as {
    document: NonNullable<Plot.PlotOptions["document"]>;
  };
  const openedAtMs = samples[0]?.atMs ?? 0;
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
    marginTop: 64,
    marginLeft: 72,
    marginBottom: 48,
    marginRight: 24,
    style: { fontSize: "13px", background: "white", color: "#1f2937" },
    x: { label: "seconds since the sale opened", labelAnchor: "center", labelArrow: "none" },
    y: {
      label: "fans, or seats",
      labelAnchor: "center",
      labelArrow: "none",
      grid: true,
      zero: true,
    },
    marks: [
      Plot.ruleY([0]),
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
        dy: -50,
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
