// @ts-types="@types/cli-progress"
import { SingleBar } from "cli-progress";
import type { Sample } from "./seen.ts";

/** Without a terminal a line is printed this often. */
const LINE_EVERY_MS = 10_000;

export interface Progress {
  show(done: number, sample: Sample | undefined): void;
  end(): void;
  /** Reading the records of a large crowd takes a minute. */
  reading(fans: number): void;
}

export function progressBar(fans: number): Progress {
  const bar = new SingleBar({
    format: "{bar} {value}/{total} fans done | waiting {waiting} | admitted {admitted}" +
      " | sold {sold} | {duration_formatted}",
    barsize: 24,
    hideCursor: true,
    noTTYOutput: true,
    notTTYSchedule: LINE_EVERY_MS,
    gracefulExit: false,
  });
  bar.start(fans, 0, { waiting: 0, admitted: 0, sold: 0 });
  return {
    show: (done, sample) => bar.update(done, sample && { ...sample }),
    end: () => bar.stop(),
    reading: (fans) => console.error(`reading the records of ${fans} fans`),
  };
}
