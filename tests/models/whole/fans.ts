import { fanName, type SaleDate, type SaleRoom } from "./database.ts";
import type { Work } from "./scheduler.ts";

export interface Hold {
  readonly reservationId: string;
  readonly scheduleId: number;
  readonly price: number;
  /** The queue token under which it was held. */
  readonly place: string;
}

export interface Bought {
  readonly paymentId: string;
  readonly reservationId: string;
}

/** A fan, and what the answers have said so far. */
export interface Fan {
  readonly name: string;
  readonly room: SaleRoom;
  /** The newest queue token. */
  token: string | null;
  state: "OUT" | "WAITING" | "ADMITTED" | "RESET";
  /** When the fan acts by themselves; Infinity for never. */
  nextMs: number;
  /** Whether the fan does not call any more. */
  isAbsent: boolean;
  /** Whether the last answer said that there is nothing to wait for. */
  isOver: boolean;
  /** The token of a challenge that no join has used up. */
  challenge: string | null;
  /** Whether the last join was refused for the challenge. */
  isAsked: boolean;
  holds: Hold[];
  bought: Bought[];
  /** Requests about the line that are on their way; answers to all but one of them prove nothing. */
  readonly asking: Set<Work>;
  visits: number;
}

export function newFan(number: number, room: SaleRoom): Fan {
  return {
    name: fanName(number),
    room,
    token: null,
    state: "OUT",
    nextMs: Infinity,
    isAbsent: false,
    isOver: false,
    challenge: null,
    isAsked: false,
    holds: [],
    bought: [],
    asking: new Set(),
    visits: 0,
  };
}

export function dateOf({ room: { dates } }: Fan, whim: number): SaleDate {
  return dates[whim % dates.length]!;
}
