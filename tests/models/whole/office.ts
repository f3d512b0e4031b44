import { AssertionError } from "node:assert/strict";
import type { Laws } from "../line/laws.ts";
import type { WorldDatabase } from "./database.ts";
import type { Owners } from "./owners.ts";
import type { Work } from "./scheduler.ts";
import type { RoomId } from "../../../src/domain/ids.ts";
import type { Clock } from "../../../src/ports/clock.ts";

/** What decides what fans may see of a date. */
export interface DateState {
  readonly scheduleId: number;
  readonly concertId: number;
  readonly room: string;
  readonly opensAtMs: number;
  readonly endsAtMs: number;
  readonly isWithdrawn: boolean;
  /** By number: -1 for a seat that is sold or blocked, else the end of its last hold or 0. */
  readonly seats: readonly number[];
}

/** The rows from this time on. */
export interface Version {
  readonly atMs: number;
  readonly dates: readonly DateState[];
}

/** The rows of the box office, whose laws are checked after each act on them. */
export interface Office {
  readonly versions: readonly Version[];
  /** How often the database was brought back to an earlier moment. */
  readonly restores: number;
  /** A statement of this name, which is that of its function where it calls one. */
  query(
    name: string,
    text: string,
    params: readonly (string | null)[],
    work: Work,
  ): Promise<readonly Record<string, unknown>[]>;
  /** The newest version that each request has made. */
  readonly made: WeakMap<Work, number>;
  /** Remembers this moment by a name. */
  save(name: string): Promise<void>;
  restore(name: string): Promise<void>;
  begin(): Promise<void>;
}

export interface OfficeOptions {
  readonly database: WorldDatabase;
  readonly clock: Clock;
  readonly laws: Laws;
  readonly owners: Pick<Owners, "erased">;
  /** The room is deleted in the records. */
  readonly onDeletion: (room: RoomId) => void;
  readonly seatLimit: number;
}

/** The input of a hold or a payment, as far as it names what it makes. */
interface MakingInput {
  readonly seats?: readonly { readonly reservationId: string }[];
  readonly bestAvailable?: { readonly reservationIds: readonly string[] };
  readonly items?: readonly { readonly paymentId: string }[];
}

/** The functions that change seats or money. */
const ACTS = new Set([
  "accept_refund",
  "cancel_reservation",
  "carry_refund_on",
  "change_seat",
  "charge_balance",
  "correct_balance",
  "erase_fan",
  "hold_all",
  "pay",
  "refund_payment",
  "sweep",
  "update_concert",
]);
/** The answers of acts that changed nothing. */
const NOTHING = /^\{"(?:refusal"|holds" ?: ?0,|refunded" ?: ?0,)/;
/** The acts that do all or nothing. */
const WHOLE_LAWS: Readonly<Record<string, string>> = {
  hold_all: "B2: a request holds all its seats or none",
  pay: "B2: a request pays for all its holds or for none",
};
const LAWS = "B1 B3 B4 B5 B7: the rows keep the laws of the box office";

/** The ids of all that an act may make. */
function idsOf({ bestAvailable, seats = [], items = [] }: MakingInput): readonly string[] {
  if (bestAvailable) return bestAvailable.reservationIds;
  return [
    ...seats.map(({ reservationId }) => reservationId),
    ...items.map(({ paymentId }) => paymentId),
  ];
}

export function createOffice(
  { database, clock, laws, owners, onDeletion, seatLimit }: OfficeOptions,
): Office {
  const { sql } = database;
  const versions: Version[] = [];
  const made = new WeakMap<Work, number>();
  let restores = 0;
  let latest = "";

  /** B2, and the same of payments. The ids are the world's own. */
  async function checkWhole(name: string, [input]: readonly (string | null)[]): Promise<void> {
    const law = WHOLE_LAWS[name];
    if (law === undefined) return;
    const ids = idsOf(JSON.parse(input!));
    const [row] = await sql(`execute made(array[${ids.map((id) => `'${id}'`).join()}])`, []);
    const made = Number(row!["made"]);
    laws.check(law, made === 0 || made === ids.length, () => `${made} of ${ids}`);
  }

  function noteDeletion(
    [input]: readonly (string | null)[],
    [row]: readonly Record<string, unknown>[],
  ): void {
    const { room, check } = JSON.parse(input!);
    if (!check && !NOTHING.test(String(row!["result"]))) onDeletion(room);
  }

  async function erased([input]: readonly (string | null)[]): Promise<void> {
    const { fan, pseudonym } = JSON.parse(input!);
    owners.erased(fan, pseudonym, clock());
    const [row] = await sql(`execute traces('${fan}')`, []);
    laws.check("an erased name is in no row", row!["found"] === null, () => {
      return `${fan} in ${row!["found"]}`;
    });
  }

  async function look(): Promise<void> {
    const now = new Date(clock()).toISOString();
    // The values are the world's own.
    const [row] = await sql(`execute look('${now}', ${seatLimit})`, []);
    laws.check(LAWS, row!["broken"] === null, () => String(row!["broken"]));
    const state = String(row!["state"]);
    if (state === latest) return;
    latest = state;
    versions.push({ atMs: clock(), dates: JSON.parse(state) });
  }

  return {
    versions,
    made,
    get restores() {
      return restores;
    },
    begin: look,
    async query(name, text, params, work) {
      let rows;
      try {
        rows = await sql(text, params);
      } catch (error) {
        throw new AssertionError({ message: `D3: no statement fails: ${text}: ${error}` });
      }
      await checkWhole(name, params);
      if (name === "remove_room") noteDeletion(params, rows);
      if (!ACTS.has(name) || NOTHING.test(String(rows[0]?.["result"]))) return rows;
      if (name === "erase_fan") await erased(params);
      const before = versions.length;
      await look();
      if (versions.length > before) made.set(work, versions.length - 1);
      return rows;
    },
    async save(name) {
      await sql(`savepoint ${name}`, []);
    },
    async restore(name) {
      await sql(`rollback to savepoint ${name}`, []);
      restores++;
      await look();
    },
  };
}
