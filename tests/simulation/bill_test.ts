import { deepEqual, equal, ok } from "node:assert/strict";
import { fixedPlanFor, usdOfCommands, usdOfTraffic, usdOfWorkers } from "./bill.ts";

Deno.test("commands are paid one by one, and traffic beyond 200 GB", () => {
  equal(usdOfCommands(20_000_000), 40);
  deepEqual([usdOfTraffic(200), usdOfTraffic(300)], [0, 3]);
});

Deno.test("Workers include ten million requests", () => {
  equal(usdOfWorkers(10_000_000), 5);
  equal(usdOfWorkers(110_000_000), 35);
});

Deno.test("a fixed plan holds the data and the traffic", () => {
  equal(fixedPlanFor({ megabytes: 250, gigabytes: 50 })!.usd, 10);
  equal(fixedPlanFor({ megabytes: 251, gigabytes: 1 })!.usd, 20);
  equal(fixedPlanFor({ megabytes: 1, gigabytes: 101 })!.usd, 100);
  ok(fixedPlanFor({ megabytes: 20_000, gigabytes: 1 }) === null);
});
