import { controls } from "./controls.ts";
import { mutatedWhole } from "./mutated_whole.ts";
import { openWorldDatabase, type WorldDatabase } from "./whole/database.ts";
import { WHOLE_MUTATIONS } from "./whole_mutations.ts";

let database: WorldDatabase | undefined;

Deno.test.beforeAll(async () => {
  database = await openWorldDatabase();
});
Deno.test.afterAll(async () => {
  await database?.close();
});

controls(
  "whole",
  WHOLE_MUTATIONS,
  (folder, mutation) => mutatedWhole(folder, mutation, database!),
);
