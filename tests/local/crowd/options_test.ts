import assert from "node:assert/strict";
import { parseConfig } from "../../../src/config.ts";
import { assertDemoSale, wantsCrowd, withShortLine } from "../../../src/local/crowd/options.ts";

const secret = () => "a-secret-of-at-least-32-bytes-long";
const check = (environment: Record<string, string>) =>
  assertDemoSale(parseConfig(environment, secret));

Deno.test("wantsCrowd() knows --crowd alone", () => {
  assert.deepEqual([wantsCrowd([]), wantsCrowd(["--crowd"])], [false, true]);
  assert.throws(() => wantsCrowd(["--crowd", "--crowds", "9"]), /--crowds is no argument.*\n9 is/);
});

Deno.test("a crowd has a short line, and settings of the environment come first", () => {
  const { QUEUE_CAPACITY, POLL_MAX_SECONDS } = withShortLine({ QUEUE_CAPACITY: "7" });
  assert.deepEqual([QUEUE_CAPACITY, POLL_MAX_SECONDS], ["7", "3"]);
});

Deno.test("assertDemoSale() lets a crowd buy nothing that is kept", () => {
  check({});
  assert.throws(() => check({ DATA_DIR: "/tmp/kept" }), /--crowd .*unset DATA_DIR$/);
  assert.throws(() => check({ USER_JWT_SECRET: secret() }), /--crowd .*unset USER_JWT_SECRET/);
  const remote = {
    DATABASE_URL: "postgresql://user:pass@db.example.com/name",
    UPSTASH_REDIS_REST_URL: "https://name.upstash.io",
    UPSTASH_REDIS_REST_TOKEN: "token",
  };
  assert.throws(
    () =>
      check({
        ...remote,
        USER_JWT_SECRET: secret(),
        ADMIN_TOKEN: secret(),
        QUEUE_TOKEN_SECRET: secret(),
        SIGNING_KEY: "5".repeat(64),
      }),
    /--crowd .*unset DATABASE_URL$/,
  );
});
