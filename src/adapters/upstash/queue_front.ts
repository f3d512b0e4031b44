import type { Lot } from "../../domain/draw.ts";
import type { Front } from "../../domain/front.ts";
import type { LineSpeed, RulesSnapshot, StockOutlook } from "../../domain/queue.ts";

/** The document as the scripts write it; see `front_document.lua`. Large numbers are texts. */
interface StoredFront {
  readonly epoch: string;
  readonly first: string;
  readonly called: string;
  readonly near: string;
  readonly waiting: number;
  readonly rejoined: number;
  readonly isReforming: boolean;
  readonly speed: Omit<LineSpeed, "seatsLeft"> & { readonly seatsLeft?: number };
  readonly rules: string;
  readonly rulesVersion: number;
  readonly seats: StockOutlook;
  readonly drawnGatherings: number;
  readonly lot?: {
    readonly seed: string;
    readonly gatheringsBefore: number;
    readonly openedAtMs: string;
    readonly before: string;
    readonly tickets: number;
    readonly calledValue: string;
    readonly nearValue: string;
  };
}

/** Parses the document. `takenAtMs` is the time of the act that answered it. */
export function readFront(text: string, takenAtMs: number): Front {
  const { rules, lot, first, called, near, speed, ...same }: StoredFront = JSON.parse(text);
  return {
    ...same,
    takenAtMs,
    first: Number(first),
    called: Number(called),
    near: Number(near),
    speed: { ...speed, seatsLeft: speed.seatsLeft ?? null },
    rules: JSON.parse(rules) as RulesSnapshot,
    lot: lot ? readLot(lot) : null,
  };
}

function readLot(lot: NonNullable<StoredFront["lot"]>): Lot {
  return {
    ...lot,
    openedAtMs: Number(lot.openedAtMs),
    before: Number(lot.before),
    calledValue: Number(lot.calledValue),
    nearValue: Number(lot.nearValue),
  };
}
