// @ts-types="@types/cli-progress"
import { SingleBar } from "cli-progress";
import type { Sample } from "../observations.ts";

/** Without a terminal the bar is one line at this interval. */
const LINE_INTERVAL_MS = 10_000;

export interface Progress {
  /** Prints when the rush ends at the latest. */
  start(limitSeconds: number): void;
  show(fansDone: number, sample: Sample | undefined): void;
  end(): void;
  /** Prints that the records are read, which takes a minute for a large crowd. */
  startAudit(): void;
  /** Prints that concert and room are taken back: a second Ctrl-C would leave them. */
  startTakingBack(): void;
  note(text: string): void;
}

export function createProgressBar(fans: number): Progress {
  const bar = new SingleBar({
    format: "{bar} {value}/{total} fans done | waiting {waiting} | admitted {admitted}" +
      " | sold {sold} | {duration_formatted}",
    barsize: 24,
    hideCursor: true,
    noTTYOutput: true,
    notTTYSchedule: LINE_INTERVAL_MS,
    gracefulExit: false,
  });
  return {
    start(limitSeconds) {
      console.error(`The crowd is stopped after ${limitSeconds} s at the latest (--max-seconds).`);
      bar.start(fans, 0, { waiting: 0, admitted: 0, sold: 0 });
    },
    show: (fansDone, sample) => bar.update(fansDone, sample && { ...sample }),
    end: () => bar.stop(),
    startAudit: () => console.error(`Reading the records of ${fans} fans.`),
    startTakingBack: () => console.error("Taking the concert and the room of the rush back."),
    note: (text) => console.error(`Note: ${text}`),
  };
}
