import type { FanId, RoomId } from "../domain/ids.ts";
import type { RoundTrips } from "./trace.ts";

/** A request that was answered. */
export interface ServedRequest {
  readonly requestId: string;
  readonly traceparent: string;
  /** The method and the template of the path. */
  readonly route: string;
  readonly status: number;
  /** The code of the problem document; null when the request was not refused. */
  readonly code: string | null;
  readonly ms: number;
  readonly roundTrips: RoundTrips;
  /** From a verified credential; null without one. */
  readonly fan: FanId | null;
  /** That the request is about; null if it names none. */
  readonly room: RoomId | null;
}

/** Takes notice of requests after their answers are made. No method throws. */
export interface RequestObserver {
  /** Whether it wants this request. Nothing is made for a request that nobody wants. */
  wants(status: number): boolean;
  observe(request: ServedRequest): void;
}
