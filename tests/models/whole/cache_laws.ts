import { concertsAt, lastTurnMs, schedulesAt, statusesAt, wasTrue } from "./views.ts";
import type { Received, World } from "./world.ts";

/** What a fan looks at. */
export interface Question {
  readonly kind: "concerts" | "schedules" | "statuses";
  readonly id: number | null;
}

interface Asked extends Question {
  readonly atMs: number;
  readonly floor: number;
}

const TTL_MS = { concerts: 300_000, schedules: 60_000, statuses: 1_000 };

export function questionNow({ clock, floors }: World, { kind, id }: Question): Asked {
  const floor = kind === "concerts"
    ? floors.concerts
    : kind === "schedules"
    ? floors.schedulesOf(id!)
    : 0;
  return { kind, id, atMs: clock(), floor };
}

/** The answer was true so recently as §1 says. */
export function checkAnswer(
  { laws, clock, office: { versions } }: World,
  { kind, id, atMs, floor }: Asked,
  { status, body }: Received,
): void {
  if (status !== 200) return;
  const turnMs = kind === "statuses" ? -Infinity : lastTurnMs(versions.at(-1)!, id, atMs);
  const fromMs = Math.max(atMs - TTL_MS[kind], turnMs, versions[floor]!.atMs);
  const seen = textOf(kind, body);
  const isTrue = wasTrue(versions, { fromMs, untilMs: clock(), floor }, (version, atMs) => {
    if (kind === "concerts") return concertsAt(version, atMs) === seen;
    if (kind === "schedules") return schedulesAt(version, id!, atMs) === seen;
    const date = version.dates.find(({ scheduleId }) => scheduleId === id)!;
    return statusesAt(date, atMs) === seen;
  });
  laws.check(
    `a look at ${kind} is as old as its TTL at most, and not from before an eviction`,
    isTrue,
    () => `"${seen}" at ${clock()}, asked at ${atMs}, of ${id}, from version ${floor}`,
  );
}

// deno-lint-ignore no-explicit-any
function textOf(kind: Question["kind"], body: any): string {
  switch (kind) {
    case "concerts":
      return body.concerts.map(({ concertId }: { concertId: number }) => concertId).join();
    case "schedules":
      return body.schedules.map(({ scheduleId, status }: Record<string, unknown>) =>
        `${scheduleId} ${status}`
      ).sort().join();
    case "statuses":
      return body.statuses;
  }
}
