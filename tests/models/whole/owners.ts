import type { Sql } from "../../../src/adapters/postgres/sql.ts";

/** Whose reservations, payments and tickets these are, by the rows. */
export interface Owners {
  /** The fan of each id; null if there is none of it. */
  of(ids: readonly string[]): Promise<readonly (string | null)[]>;
  /** The fan was erased at this time. */
  erased(fan: string, pseudonym: string, atMs: number): void;
  /** The fan's name, and the pseudonyms of those who had it and were erased since this time. */
  namesOf(fan: string, sinceMs: number): readonly string[];
  /** A restored database may have fewer rows, and earlier names. */
  forget(): void;
}

/** An id has one owner until that fan is erased, and no other id is ever the same. */
export function createOwners(sql: Sql): Owners {
  const known = new Map<string, string>();
  let erasures: { readonly fan: string; readonly pseudonym: string; readonly atMs: number }[] = [];
  return {
    async of(ids) {
      const unknown = ids.filter((id) => !known.has(id));
      if (unknown.length > 0) {
        const list = unknown.map((id) => `'${id.replaceAll("'", "''")}'`).join();
        const rows = await sql(`execute owners(array[${list}])`, []);
        for (const { id, fan_id } of rows) known.set(String(id), String(fan_id));
      }
      return ids.map((id) => known.get(id) ?? null);
    },
    erased(fan, pseudonym, atMs) {
      erasures.push({ fan, pseudonym, atMs });
      for (const [id, owner] of known) if (owner === fan) known.set(id, pseudonym);
    },
    namesOf: (fan, sinceMs) => [
      fan,
      ...erasures.filter((one) => one.fan === fan && one.atMs >= sinceMs)
        .map(({ pseudonym }) => pseudonym),
    ],
    forget() {
      known.clear();
      erasures = [];
    },
  };
}
