import { deepEqual } from "node:assert/strict";
import { testOfRealRedis } from "../support/redis.ts";
import { testSeed } from "../support/random.ts";
import { overload } from "./overload.ts";

testOfRealRedis(
  "three times what `edge` serves brings right answers, and it recovers",
  async () => {
    // No limit of speed: other tests may keep the cores busy.
    const patience = { recoveryMs: 120_000, soonMs: 20_000 };
    const size = { seconds: 4, fans: 200, seats: 2_000, ...patience };
    const { faults } = await overload(size, testSeed());
    deepEqual(faults, []);
  },
);
