import { equal, rejects } from "node:assert/strict";
import { within } from "../../src/application/deadline.ts";

Deno.test("`within()` gives the outcome of a task that ends in time", async () => {
  equal(await within(60_000, Promise.resolve(7)), 7);
  await rejects(within(60_000, Promise.reject(new Error("failed"))), /failed/);
});

Deno.test("`within()` throws where the task takes longer", async () => {
  await rejects(within(1, new Promise(() => {})), { name: "TimeoutError" });
});
