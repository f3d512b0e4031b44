import type { Failure } from "./attempts.ts";
import type { Observable } from "./observable.ts";
import type { StanchionProblem } from "./problems.ts";
import type { components } from "./schema.ts";

type Schemas = components["schemas"];
export type Line = Schemas["Line"];
export type WaitingLine = Schemas["WaitingLine"] | Schemas["JoinedWaitingLine"];
export type AdmittedLine = Schemas["AdmittedLine"] | Schemas["JoinedAdmittedLine"];
export type GoneLine = Schemas["GoneLine"];

/** Times are milliseconds since 1970 by the clock of this device. */
interface Asking {
  /** When the line last answered. */
  readonly askedAt: number | null;
  /** When the next question is due. */
  readonly asksAt: number | null;
  /** Why the last question has no answer; null if it has one. The place is kept meanwhile. */
  readonly failure: Failure | null;
}

/** A place ends as `gone`, `refused` or `stopped`: then nothing follows. */
export type PlaceState =
  & Asking
  & (
    | { readonly phase: "joining"; readonly line: null }
    | { readonly phase: "waiting"; readonly line: WaitingLine }
    | { readonly phase: "admitted"; readonly line: AdmittedLine }
    /** `line.endedBecause` says why, where it is still known. */
    | { readonly phase: "gone"; readonly line: GoneLine }
    /** The room lets this fan not join: `problem.code` says why. */
    | { readonly phase: "refused"; readonly line: null; readonly problem: StanchionProblem }
    /** The access token is of another fan now. The place is kept for the fan who has it. */
    | { readonly phase: "stopped"; readonly line: null }
  );

export interface Place extends Observable<PlaceState> {
  readonly room: string;
  /** The newest queue token of the place; null before it is joined, and after its end. */
  readonly token: string | null;
  /** The admission, once there is one. Rejects with a `PlaceEndedError` if the place ends before. */
  admitted(): Promise<AdmittedLine>;
  /** Asks no more in this tab. The place is kept; other tabs go on. */
  stop(): void;
  /** Gives the place up. Rejects where there is no answer: the place may be kept then. */
  leave(): Promise<void>;
}

/** The place ended, or was stopped, before the admission. */
export class PlaceEndedError extends Error {
  constructor(readonly state: PlaceState) {
    super(`the place is ${state.phase}`);
  }
}

export interface InnerPlace extends Place {
  /** The admission may have ended: ask, a few times. */
  recheck(): void;
  /** Whether it goes on, as soon as that is known, or there is no answer at the moment. */
  isLive(): Promise<boolean>;
}
