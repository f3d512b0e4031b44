import assert from "node:assert/strict";
import { ConfigError } from "../../../src/config.ts";
import { parseEdgeSettings } from "../../../src/tools/local_cloud/settings.ts";

const STORES = {
  UPSTASH_REDIS_REST_URL: "http://127.0.0.1:1",
  UPSTASH_REDIS_REST_TOKEN: "t".repeat(32),
  DATABASE_URL: "postgres://user:password@127.0.0.1:1/database",
};
const SECRET = "5".repeat(64);

Deno.test("`parseEdgeSettings()` lists every error at once", () => {
  const faultsOf = (environment: Record<string, string>) => {
    try {
      parseEdgeSettings(environment, STORES, () => SECRET);
      return [];
    } catch (error) {
      assert.ok(error instanceof ConfigError);
      return error.faults.map(({ setting }) => setting).sort();
    }
  };
  assert.deepEqual(faultsOf({}), []);
  const bad = { QUEUE_CAPACITY: "0", ADMIN_TOKEN: "short", DATABASE_URL: "x", SEATLIMIT: "2" };
  assert.deepEqual(faultsOf(bad), ["ADMIN_TOKEN", "DATABASE_URL", "QUEUE_CAPACITY", "SEATLIMIT"]);
});

Deno.test("`parseEdgeSettings()` generates missing secrets, and passes on the rest", () => {
  const settings = parseEdgeSettings(
    { POLL_MIN_SECONDS: "3", DATA_DIR: "/data", HOME: "/" },
    STORES,
    () => SECRET,
  );
  assert.equal(settings.dataDir, "/data");
  assert.deepEqual(settings.worker, {
    ...STORES,
    ...settings.generated,
    ALLOW_SELF_CHARGE: "true",
    POLL_MIN_SECONDS: "3",
  });
  const generated = ["ADMIN_TOKEN", "QUEUE_TOKEN_SECRET", "SIGNING_KEY", "USER_JWT_SECRET"];
  assert.deepEqual(Object.keys(settings.generated), generated);
  const given = { ALLOW_SELF_CHARGE: "false", USER_JWT_SECRET: "u".repeat(40) };
  const kept = parseEdgeSettings(given, STORES, () => SECRET);
  assert.equal(kept.worker["ALLOW_SELF_CHARGE"], "false");
  assert.equal(kept.worker["USER_JWT_SECRET"], given.USER_JWT_SECRET);
});
