import assert from "node:assert/strict";
import { ConfigError, type Environment, parseConfig } from "../src/config.ts";

const SECRET = "s".repeat(32);
const make = (name: string) => `made ${name}`;

const REMOTE = {
  ADMIN_TOKEN: SECRET,
  QUEUE_TOKEN_SECRET: SECRET,
  SIGNING_KEY: "5".repeat(64),
  USER_JWT_SECRET: SECRET,
  UPSTASH_REDIS_REST_URL: "https://name.upstash.test",
  UPSTASH_REDIS_REST_TOKEN: "token",
  DATABASE_URL: "postgresql://user:password@host.test/database",
};

/** The settings at fault, in order. */
function faultsOf(environment: Environment): string[] {
  try {
    parseConfig(environment, make);
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.faults.map(({ setting }) => setting).sort();
  }
}

Deno.test("`parseConfig()` of nothing is a local run with the documented defaults", () => {
  assert.deepEqual(parseConfig({}, make), {
    capacity: 1000,
    admissionTtlSeconds: 900,
    showUpSeconds: 60,
    waitingTtlSeconds: 21_600,
    pollMinSeconds: 2,
    pollMaxSeconds: 60,
    holdTtlSeconds: 300,
    seatLimit: 4,
    failedCredentialsPerMinute: 600,
    concertsCacheTtlSeconds: 300,
    schedulesCacheTtlSeconds: 60,
    currency: "KRW",
    allowSelfCharge: true,
    allowedOrigins: [],
    operatorOrigins: [],
    admissions: null,
    operators: [{ name: "operator", token: "made ADMIN_TOKEN" }],
    doors: [],
    queueTokenSecrets: ["made QUEUE_TOKEN_SECRET"],
    signingKeys: ["made SIGNING_KEY"],
    turnstile: null,
    users: { kind: "SECRET", secrets: ["made USER_JWT_SECRET"] },
    remote: null,
    logSamplePercent: 0,
    port: 8787,
    dataDir: null,
    onThisMachine: true,
    localSignIn: true,
    made: ["ADMIN_TOKEN", "QUEUE_TOKEN_SECRET", "SIGNING_KEY", "USER_JWT_SECRET"],
  });
});

Deno.test("`parseConfig()` takes lists of origins, and names each faulty one", () => {
  const given = { ALLOWED_ORIGINS: "https://a.example.com, https://*.example.org" };
  assert.deepEqual(parseConfig(given, make).allowedOrigins, [
    "https://a.example.com",
    "https://*.example.org",
  ]);
  assert.deepEqual(
    faultsOf({
      ALLOWED_ORIGINS: "*,https://a.example.com/,null,https://*.com,https://ok.example.com",
      OPERATOR_ORIGINS: "http://console.example.com,",
    }),
    [...Array(4).fill("ALLOWED_ORIGINS"), ...Array(2).fill("OPERATOR_ORIGINS")],
  );
});

Deno.test("`parseConfig()` takes both settings of the challenge, or none", () => {
  assert.equal(parseConfig({}, make).turnstile, null);
  const both = { TURNSTILE_SECRET: "s", TURNSTILE_SITE_KEY: "k" };
  assert.deepEqual(parseConfig(both, make).turnstile, { secret: "s", siteKey: "k" });
  assert.deepEqual(faultsOf({ TURNSTILE_SECRET: "s" }), ["TURNSTILE_SITE_KEY"]);
  assert.deepEqual(faultsOf({ TURNSTILE_SITE_KEY: "k" }), ["TURNSTILE_SECRET"]);
  assert.deepEqual(faultsOf({ TURNSTILE_SECRET: " ", TURNSTILE_SITE_KEY: "x y" }), [
    "TURNSTILE_SECRET",
    "TURNSTILE_SITE_KEY",
  ]);
  assert.deepEqual(faultsOf({ TURNSTILE_SECRTE: "s" }), ["TURNSTILE_SECRTE"]);
});

Deno.test("`parseConfig()` lists every fault at once", () => {
  const faults = faultsOf({
    QUEUE_CAPACITY: "0",
    SEAT_LIMIT: "four",
    FAILED_CREDENTIALS_PER_MINUTE: "0",
    HOLD_TTL_SECONDS: "1.5",
    PORT: "65536",
    CURRENCY: "won",
    ALLOW_SELF_CHARGE: "yes",
    POLL_MIN_SECONDS: "10",
    POLL_MAX_SECONDS: "9",
    ADMIN_TOKEN: "ann:one,bob:",
    DOOR_TOKEN: "north:",
    SIGNING_KEY: "5".repeat(63),
    USER_JWT_SECRET: SECRET,
    USER_JWKS_URL: "https://id.test/jwks.json",
  });
  assert.deepEqual(faults, [
    "ADMIN_TOKEN",
    "ALLOW_SELF_CHARGE",
    "CURRENCY",
    "DOOR_TOKEN",
    "FAILED_CREDENTIALS_PER_MINUTE",
    "HOLD_TTL_SECONDS",
    "POLL_MAX_SECONDS",
    "PORT",
    "QUEUE_CAPACITY",
    "SEAT_LIMIT",
    "SIGNING_KEY",
    "USER_JWT_AUDIENCE",
    "USER_JWT_ISSUER",
    "USER_JWT_SECRET",
  ]);
});

Deno.test("`parseConfig()` requires all remote stores or none, and long secrets", () => {
  assert.deepEqual(faultsOf(REMOTE), []);
  assert.deepEqual(faultsOf({ DATABASE_URL: REMOTE.DATABASE_URL }), [
    "ADMIN_TOKEN",
    "QUEUE_TOKEN_SECRET",
    "SIGNING_KEY",
    "UPSTASH_REDIS_REST_TOKEN",
    "UPSTASH_REDIS_REST_URL",
    "USER_JWT_SECRET",
  ]);
  const short = {
    ADMIN_TOKEN: "a",
    DOOR_TOKEN: "north:d",
    QUEUE_TOKEN_SECRET: `${SECRET},b`,
    USER_JWT_SECRET: "c",
  };
  assert.deepEqual(faultsOf({ ...REMOTE, ...short }), [
    "ADMIN_TOKEN",
    "DOOR_TOKEN",
    "QUEUE_TOKEN_SECRET",
    "USER_JWT_SECRET",
  ]);
  assert.deepEqual(faultsOf(short), [], "a local run may have short ones");
  assert.deepEqual(faultsOf({ ...REMOTE, DATABASE_URL: "mysql://x/y" }), ["DATABASE_URL"]);
});

Deno.test("`parseConfig()` allows self-charging in a deployment only when the setting says so", () => {
  assert.equal(parseConfig(REMOTE, make).allowSelfCharge, false);
  assert.equal(parseConfig({ ...REMOTE, ALLOW_SELF_CHARGE: "true" }, make).allowSelfCharge, true);
  assert.equal(parseConfig({ ALLOW_SELF_CHARGE: "false" }, make).allowSelfCharge, false);
});

Deno.test("`parseConfig()` gives a local sign-in only when no setting names users or stores", () => {
  assert.equal(parseConfig({ USER_JWT_SECRET: SECRET }, make).localSignIn, false);
  assert.equal(parseConfig(REMOTE, make).localSignIn, false);
  assert.deepEqual(faultsOf({ USER_JWT_ISSUER: "https://id.test" }), ["USER_JWT_SECRET"]);
});

Deno.test("`parseConfig()` reads named operators, secrets in rotation and empty settings", () => {
  const config = parseConfig({
    ADMIN_TOKEN: "ann:one, bob:two:with-colon",
    QUEUE_TOKEN_SECRET: "new,old",
    QUEUE_CAPACITY: "",
  }, make);
  assert.deepEqual(config.operators, [
    { name: "ann", token: "one" },
    { name: "bob", token: "two:with-colon" },
  ]);
  assert.deepEqual(config.queueTokenSecrets, ["new", "old"]);
  assert.equal(config.capacity, 1000);
});

Deno.test("`parseConfig()` reads user secrets in rotation", () => {
  const { users } = parseConfig({ USER_JWT_SECRET: "new, old" }, make);
  assert.deepEqual(users, { kind: "SECRET", secrets: ["new", "old"] });
  assert.deepEqual(faultsOf({ ...REMOTE, USER_JWT_SECRET: `${SECRET},short` }), [
    "USER_JWT_SECRET",
  ]);
});

Deno.test("`parseConfig()` takes a key set by https alone, except on loopback", () => {
  const at = (url: string) =>
    faultsOf({ USER_JWKS_URL: url, USER_JWT_ISSUER: "i", USER_JWT_AUDIENCE: "a" });
  for (const url of ["https://id.test/jwks", "http://127.0.0.1:9/jwks", "http://[::1]/jwks"]) {
    assert.deepEqual(at(url), [], url);
  }
  for (const url of ["http://id.test/jwks", "http://127.0.0.1.id.test/jwks", "file:///jwks"]) {
    assert.deepEqual(at(url), ["USER_JWKS_URL"], url);
  }
});

Deno.test("`parseConfig()` lists names that look like misspelt settings, with all other faults", () => {
  const misspelt = [
    "QUEUE_CAPACTY",
    "QUEUE_CAPCAITY",
    "QUEUECAPACITY",
    "queue_capacity",
    "SEATS_LIMIT",
    "PROT",
    "DATA_DIRS",
    "DATABASE_URI",
    "HOLD_TTL_SECOND",
    "ALLOW_SELFCHARGE",
    "USER_JKWS_URL",
    "UPSTASH_REDIS_REST_TOKENS",
  ];
  const environment = Object.fromEntries(misspelt.map((name) => [name, "1"]));
  assert.deepEqual(faultsOf({ ...environment, PORT: "0" }), [...misspelt, "PORT"].sort());
  assert.deepEqual(faultsOf({ QUEUE_CAPACTY: "" }), [], "an empty value counts as absent");
});

Deno.test("`parseConfig()` takes no name of another program for a misspelt setting", () => {
  const others = [
    ...["PATH", "HOME", "HOST", "USER", "PWD", "SHELL", "TERM", "LANG", "SHLVL", "EDITOR", "TZ"],
    ...["XDG_DATA_DIRS", "DENO_DIR", "REDIS_URL", "REDIS_PORT", "POSTGRES_URL", "PGDATABASE"],
    ...["GITHUB_TOKEN", "NPM_TOKEN", "JWT_SECRET", "DATABASE_URL_UNPOOLED", "HTTPS_PROXY"],
    ...["STANCHION_SEED", "STANCHION_HISTORIES", "CLOUDFLARE_API_TOKEN", "NODE_ENV", "NO_COLOR"],
  ];
  assert.deepEqual(faultsOf(Object.fromEntries(others.map((name) => [name, "x"]))), []);
});
Deno.test("`parseConfig()` reads doors, and gives none a token that opens more", () => {
  const { doors } = parseConfig({ DOOR_TOKEN: "north:one, south:two" }, make);
  assert.deepEqual(doors, [{ name: "north", token: "one" }, { name: "south", token: "two" }]);
  assert.deepEqual(parseConfig({ DOOR_TOKEN: "one" }, make).doors, [{
    name: "door",
    token: "one",
  }]);
  const shared = { ADMIN_TOKEN: "ann:one,bob:two", DOOR_TOKEN: "north:three,south:two" };
  assert.deepEqual(faultsOf(shared), ["DOOR_TOKEN"]);
});

Deno.test("`parseConfig()` reads keys of 64 hex digits alone, in rotation, also in a local run", () => {
  const [one, two] = ["1".repeat(64), "Ab".repeat(32)];
  assert.deepEqual(parseConfig({ SIGNING_KEY: `${one}, ${two}` }, make).signingKeys, [one, two]);
  for (const bad of ["key", `${one}1`, `${one},`, `${one},key`, "g".repeat(64)]) {
    assert.deepEqual(faultsOf({ SIGNING_KEY: bad }), ["SIGNING_KEY"], bad);
  }
});

Deno.test("`parseConfig()` allows receivers on this machine where all stores are on it", () => {
  const onMachine = {
    UPSTASH_REDIS_REST_URL: "http://127.0.0.1:8079",
    DATABASE_URL: "postgresql://user:password@localhost:5432/database",
  };
  const allows = (settings: Record<string, string>) =>
    parseConfig({ ...REMOTE, ...settings }, null).onThisMachine;
  assert.equal(allows({}), false);
  assert.equal(allows({ DATABASE_URL: onMachine.DATABASE_URL }), false);
  assert.equal(allows({ UPSTASH_REDIS_REST_URL: onMachine.UPSTASH_REDIS_REST_URL }), false);
  assert.equal(allows(onMachine), true);
});

Deno.test("`parseConfig()` takes audiences of admissions: https origins and names, each once", () => {
  const given = { ADMISSION_AUDIENCES: "https://shop.example.com, merch,http://localhost:3000" };
  assert.deepEqual(parseConfig({ ...given, PORT: "9000" }, make).admissions, {
    issuer: "http://localhost:9000",
    audiences: ["https://shop.example.com", "merch", "http://localhost:3000"],
    subject: "pseudonym",
  });
  const named = { ADMISSION_ISSUER: "https://tickets.example.com", ADMISSION_SUBJECT: "user" };
  assert.deepEqual(parseConfig({ ADMISSION_AUDIENCES: "shop", ...named }, make).admissions, {
    issuer: "https://tickets.example.com",
    audiences: ["shop"],
    subject: "user",
  });
  const faulty = [
    "https://shop.example.com/",
    "https://shop.example.com/path",
    "http://shop.example.com",
    "https://*.example.com",
    "https://Shop.example.com",
    "https:shop",
    "*",
    "a shop",
    "",
    "x".repeat(256),
    "shop",
  ];
  assert.deepEqual(
    faultsOf({
      ADMISSION_AUDIENCES: `shop,${faulty.join(",")}`,
      ADMISSION_ISSUER: "https://*.example.com",
      ADMISSION_SUBJECT: "name",
    }),
    [...Array(faulty.length).fill("ADMISSION_AUDIENCES"), "ADMISSION_ISSUER", "ADMISSION_SUBJECT"],
  );
  const many = Array.from({ length: 21 }, (_, i) => `shop-${i}`).join(",");
  assert.deepEqual(faultsOf({ ADMISSION_AUDIENCES: many }), ["ADMISSION_AUDIENCES"]);
  for (const issuer of ["tickets", "http://tickets.example.com", "https://tickets.example.com/"]) {
    assert.deepEqual(faultsOf({ ADMISSION_ISSUER: issuer }), ["ADMISSION_ISSUER"], issuer);
  }
  assert.deepEqual(faultsOf({ ADMISSION_AUDIENCE: "shop", ADMISION_ISSUER: "x" }), [
    "ADMISION_ISSUER",
    "ADMISSION_AUDIENCE",
  ]);
});

Deno.test("`parseConfig()` needs the issuer of admissions only where no local address can be it", () => {
  const audiences = { ADMISSION_AUDIENCES: "shop" };
  assert.deepEqual(faultsOf({ ...REMOTE, ...audiences }), ["ADMISSION_ISSUER"]);
  assert.equal(parseConfig(REMOTE, null).admissions, null);
  const here = {
    UPSTASH_REDIS_REST_URL: "http://127.0.0.1:8079",
    DATABASE_URL: "postgresql://user:password@localhost:5432/database",
  };
  const { admissions } = parseConfig({ ...REMOTE, ...here, ...audiences }, null);
  assert.equal(admissions!.issuer, "http://localhost:8787");
});

Deno.test("`parseConfig()` takes a share of the log from 0 to 100, and has one of a hundred deployed", () => {
  const shareOf = (environment: Environment) => parseConfig(environment, null).logSamplePercent;
  assert.equal(shareOf(REMOTE), 1);
  for (const share of [0, 7, 100]) {
    assert.equal(shareOf({ ...REMOTE, LOG_SAMPLE_PERCENT: String(share) }), share);
  }
  for (const wrong of ["101", "-1", "1.5", "007", "all"]) {
    assert.deepEqual(faultsOf({ LOG_SAMPLE_PERCENT: wrong }), ["LOG_SAMPLE_PERCENT"]);
  }
});
