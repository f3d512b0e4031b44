import fc from "fast-check";
import { choice, historiesTest } from "../models/histories.ts";
import { openRestorableDatabase, type RestorableDatabase } from "../support/restorable_database.ts";
import { ACTS, openWorld } from "./world.ts";

/** In CI. All are run by hand: `STANCHION_HISTORIES`. */
const HISTORIES = 1;

let database: RestorableDatabase | undefined;
Deno.test.beforeAll(async () => {
  database = await openRestorableDatabase();
});
Deno.test.afterAll(async () => {
  await database?.close();
});

const part = (length: number) =>
  fc.array(fc.tuple(fc.constantFrom(...ACTS), choice), { maxLength: length, size: "max" });

historiesTest("a sale whose database goes back", "tests/restore/histories_test.ts", HISTORIES, {
  arbitrary: fc.record({ before: part(25), lost: part(15), after: part(15) }),
  async play({ before, lost, after }) {
    const world = await openWorld(database!);
    for (const [act, number] of before) await world.acts[act](number);
    const restore = await world.backUp();
    for (const [act, number] of lost) await world.acts[act](number);
    await restore();
    for (const [act, number] of after) await world.acts[act](number);
    await world.end();
  },
});
