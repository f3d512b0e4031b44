export type { ActKind, UnfinishedAct } from "./acts.ts";
export type { Failure } from "./attempts.ts";
export { type ClientOptions, createStanchionClient, type StanchionClient } from "./client.ts";
export type {
  Clock,
  Environment,
  KeyValueStorage,
  TabChannel,
  TabLocks,
  WakeEvents,
} from "./environment.ts";
export type { Observable } from "./observable.ts";
export {
  type AdmittedLine,
  type GoneLine,
  type Line,
  type Place,
  PlaceEndedError,
  type PlaceState,
  type WaitingLine,
} from "./place_state.ts";
export { isProblem, type ProblemCode, type ProblemOf, type StanchionProblem } from "./problems.ts";
export type { components, paths } from "./schema.ts";
export type { MapSeat, SeatsOptions, SeatsState, SeatStatus, SeatsView } from "./seats.ts";
