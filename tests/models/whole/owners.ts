import type { Sql } from "../../../src/adapters/postgres/sql.ts";

/** Whose reservations, payments and tickets these are, by the rows. */
export interface Owners {
  /** The fan of each id; null if there is none of it. */
  of(ids: readonly string[]): Promise<readonly (string | null)[]>;
}

/** An id has one owner for good, and no other id is ever the same. */
export function createOwners(sql: Sql): Owners {
  const known = new Map<string, string>();
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
  };
}
