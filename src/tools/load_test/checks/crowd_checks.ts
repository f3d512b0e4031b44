import { checkDraw } from "./draw_checks.ts";
import type { Evidence } from "./evidence.ts";
import { findQueueFaults, queueViolations } from "./queue_checks.ts";
import { checkRate } from "./rate_checks.ts";
import { checkSoldOut } from "./sold_out_checks.ts";
import { type Violation, violationsOf } from "./violation.ts";

/** A reset loses the list of the draw and the count of admissions. */
function checkRoom({ room, observations, endings }: Evidence): Violation[] {
  const soldOut = checkSoldOut(observations.places, observations, room.seats);
  if (room.wasChanged) return soldOut;
  const refused = endings.filter((ending) => ending === "found the room closed").length;
  const closed = `${refused} fans were answered with LINE_CLOSED, and nobody closed the room`;
  return [
    ...soldOut,
    ...violationsOf("contract", refused === 0 ? [] : [closed]),
    ...observations.queueWasReset
      ? []
      : checkRate(observations, observations.samples, room.perMinute),
    ...room.draw ? checkDraw(observations, room.draw) : [],
  ];
}

/** Nobody is promoted above the capacity. A lower one ends no admission. */
function checkCapacity({ observations: { samples } }: Evidence): Violation[] {
  const above = samples.filter(({ admitted, capacity }, index) => {
    const before = samples[index - 1];
    return admitted > Math.max(capacity, before?.capacity ?? 0, before?.admitted ?? 0);
  });
  if (above.length === 0) return [];
  const most = above.reduce((max, { admitted }) => Math.max(max, admitted), 0);
  const detail = `${most} were admitted at once, and the capacity is ${above[0]!.capacity}`;
  return [{ rule: "L1", detail }];
}

/** Every fan comes to an end, also through an outage of the server. */
function checkLiveness({ endings, observations, seconds }: Evidence): Violation[] {
  const count = (wanted: string) => endings.filter((ending) => ending === wanted).length;
  const [unfinished, refused] = [count("did not finish"), count("were refused")];
  const details: string[] = [];
  if (unfinished > 0) {
    const reasons = [...Map.groupBy(observations.unfinished, (reason) => reason)]
      .map(([reason, { length }]) => `${length} ${reason}`).join(", ");
    details.push(`${unfinished} fans had not finished after ${seconds.toFixed(1)} s: ${reasons}`);
  }
  if (refused > 0) details.push(`${refused} fans met a refusal that ended their visit`);
  return violationsOf("liveness", details);
}

/** The violations in the answers that the crowd got, without the server's records. */
export function checkCrowd(evidence: Evidence): Violation[] {
  const { observations, showUpMs } = evidence;
  const { places, queueWasReset } = observations;
  return [
    ...checkCapacity(evidence),
    ...queueViolations(findQueueFaults(places, queueWasReset, showUpMs)),
    ...checkRoom(evidence),
    ...violationsOf("D3", observations.serverErrors.map((error) => `answered ${error}`)),
    ...violationsOf("contract", observations.contractFaults),
    ...checkLiveness(evidence),
  ];
}
