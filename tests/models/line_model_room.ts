import type { FanId } from "../../src/domain/ids.ts";
import type { Rules } from "../../src/domain/room.ts";

export interface Place {
  readonly fan: FanId;
  readonly epoch: string;
  /** What its tokens carry: the ticket's order, or one for each time that a gathered fan joined. */
  readonly tokens: Set<number>;
  /** Of the ticket; null before the draw. */
  order: number | null;
  stands: "GATHERED" | "WAITING" | "RETURNED" | "ADMITTED" | "PARKED";
  /** When silence, the admission, the time to show up or the parking is over. */
  endsAtMs: number;
  /** Lower goes first: the ticket's order, or the count of returns. */
  turn: number;
  missedTurn: boolean;
  shownUp: boolean;
  /** The lowest number ahead that was answered, for fans who rejoined. */
  toldAhead: number;
  /** How many had rejoined when the place got its ticket. */
  rejoinsBefore: number;
}

export type ExpectedStanding =
  & { readonly state: "GATHERED" | "WAITING" | "ADMITTED" | "GONE" }
  & Record<string, unknown>;

/** All of a room that a wiped store forgets. */
export function emptyRoom() {
  return {
    rules: null as Rules | null,
    places: [] as Place[],
    epoch: null as string | null,
    epochBeganMs: 0,
    lastOrder: 0,
    returns: 0,
    gatherings: 0,
    /** The draw of those who gather, or gathered last. */
    drawId: null as string | null,
    drawn: [] as { pseudonym: string; order: number }[],
    rejoined: [] as number[],
    fansWhoRejoined: [] as FanId[],
    promotedAtMs: [] as number[],
    /** How many of them when the present rate was set. */
    promotedBefore: 0,
    endedInLineAtMs: [] as number[],
    lastTickAtMs: null as number | null,
    /** The windows to show up of fans whose answers asked for rarer polls than now. */
    oldWindows: [] as { windowMs: number; untilMs: number }[],
    /** The theoretical time of the next admission. */
    nextAdmissionMs: -Infinity,
    countedAtMs: -Infinity,
    seats: "SOME" as "SOME" | "HELD" | "NONE",
    budget: Infinity,
    recountAtMs: Infinity,
  };
}
