import { createLocalJWKSet, jwtVerify } from "jose";
import type { Sql } from "../../src/adapters/postgres/sql.ts";
import type { Stores } from "../../src/composition/stores.ts";
import { BOX_STARTS_MS, newFan, type Received } from "../support/api_box.ts";
import { type Box, openBox } from "../support/box.ts";
import { putOnSale, type Sale } from "../support/sale.ts";
import { testClock } from "../support/test_clock.ts";
import { hmacSigned } from "./tokens.ts";

export interface Secrets {
  readonly QUEUE_TOKEN_SECRET: string;
  readonly USER_JWT_SECRET: string;
  readonly SIGNING_KEY: string;
}

/** The program as it runs from this second of the sale on. */
export interface Stage {
  readonly fromSeconds: number;
  readonly secrets: Secrets;
  /** With what the identity provider signs. */
  readonly userSecret: string;
}

export const WAITING_TTL_SECONDS = 400;
/** How long others may keep the key set. */
export const KEYS_KEPT_SECONDS = 300;
/** Two at a time, so some are in line from before the first restart until after the last one. */
export const FANS = 16;
const STEP_SECONDS = 5;
const LONGEST_SECONDS = 3_000;
/** From admission to payment, so that there are fans in line at each restart. */
const SHOPPING_SECONDS = 150;
const SESSION_SECONDS = 120;
const AUDIENCE = "https://shop.example.com";

interface Fan {
  readonly name: string;
  userToken: string;
  userTokenEndsMs: number;
  place: string;
  nextPollMs: number;
  admittedAtMs: number | null;
  reservationIds: string[];
  /** As it was printed after the purchase. */
  printedCode: string | null;
  isLetIn: boolean;
}

/** What fans, doors and other servers were refused for the sake of a secret. */
export interface Outcome {
  readonly noticed: readonly string[];
  readonly letIn: number;
  readonly restarts: number;
}

/** A whole sale, with one line and one database under programs of different secrets. */
export async function rotatingSale(sql: Sql, stages: readonly Stage[]): Promise<Outcome> {
  const clock = testClock(BOX_STARTS_MS);
  const noticed: string[] = [];
  let kept: Stores | undefined;
  let stage = stages[0]!;
  let box = start();
  let keys: { atMs: number; set: ReturnType<typeof createLocalJWKSet> } | null = null;

  function start(): Box {
    return openBox(sql, {
      clock,
      settings: {
        ...stage.secrets,
        QUEUE_CAPACITY: "2",
        WAITING_TTL_SECONDS: String(WAITING_TTL_SECONDS),
        POLL_MAX_SECONDS: "20",
        ADMISSION_TTL_SECONDS: "300",
        ADMISSION_AUDIENCES: AUDIENCE,
        ADMISSION_ISSUER: "https://line.example.com",
      },
      wrap: (stores) => kept ??= stores,
    });
  }

  /** A call of a fan, who signs in anew when the session is about to end. */
  async function call(
    fan: Fan,
    method: string,
    path: string,
    more: object = {},
  ): Promise<Received> {
    if (fan.userTokenEndsMs - clock() < 2 * STEP_SECONDS * 1000) {
      fan.userTokenEndsMs = clock() + SESSION_SECONDS * 1000;
      const claims = { sub: fan.name, exp: Math.floor(fan.userTokenEndsMs / 1000) };
      fan.userToken = hmacSigned(
        { header: { alg: "HS256", typ: "JWT" }, claims },
        stage.userSecret,
      );
    }
    const headers = { Authorization: `Bearer ${fan.userToken}` };
    const answer = await box.call(method, path, { headers, place: fan.place, ...more });
    if (answer.status === 401 || answer.status === 403) {
      noticed.push(`${method} ${path}: ${answer.body.code}`);
    }
    return answer;
  }

  /** Another server, which keeps the key set as long as it may. */
  async function verify(admission: string): Promise<void> {
    if (!keys || clock() - keys.atMs >= KEYS_KEPT_SECONDS * 1000) {
      const { body } = await box.call("GET", "/.well-known/jwks.json");
      keys = { atMs: clock(), set: createLocalJWKSet(body) };
    }
    const options = { audience: AUDIENCE, typ: "admission+jwt", currentDate: new Date(clock()) };
    await jwtVerify(admission, keys.set, options).catch((error: Error) => {
      noticed.push(`another server: ${error.message}`);
    });
  }

  async function checkIn(fan: Fan, code: string): Promise<void> {
    const answer = await box.call("POST", "/v1/admin/checkins", { operator: true, json: { code } });
    if (answer.status === 201) fan.isLetIn = true;
    else noticed.push(`the door: ${answer.body.code}`);
  }

  async function shop(fan: Fan, sale: Sale, index: number): Promise<void> {
    if (fan.reservationIds.length === 0) {
      await call(fan, "GET", "/v1/concerts");
      const { concertId, schedules: [date] } = sale;
      const json = { concertId, scheduleId: date!.scheduleId, seatIds: [date!.seatIds[index]] };
      const { body } = await call(fan, "POST", "/v1/reservations", { json });
      fan.reservationIds = (body.reservations ?? []).map(({ reservationId }: never) =>
        reservationId
      );
    }
    const issued = await call(fan, "POST", "/v1/queue/admissions", { json: {} });
    if (issued.status === 201) await verify(issued.body.admission);
    if (clock() - fan.admittedAtMs! < SHOPPING_SECONDS * 1000) return;
    const json = { reservationIds: fan.reservationIds };
    const paid = await call(fan, "POST", "/v1/payments", { key: "pay", json });
    if (paid.status !== 201) return;
    await box.settle();
    fan.printedCode = (await call(fan, "GET", "/v1/tickets")).body.items[0].code;
  }

  async function poll(fan: Fan): Promise<void> {
    const { body } = await call(fan, "GET", "/v1/queue/tokens/me");
    fan.place = body.token ?? fan.place;
    fan.nextPollMs = clock() + (body.pollAfterSeconds ?? 0) * 1000;
    if (body.state === "ADMITTED") fan.admittedAtMs = clock();
    if (body.state === "GONE") noticed.push(`GONE: ${body.endedBecause}`);
  }

  const sale = await putOnSale(box, { dates: [FANS], price: 0 });
  const fans: Fan[] = [];
  for (let index = 0; index < FANS; index++) {
    const fan: Fan = {
      name: newFan("rotated"),
      userToken: "",
      userTokenEndsMs: 0,
      place: "",
      nextPollMs: clock(),
      admittedAtMs: null,
      reservationIds: [],
      printedCode: null,
      isLetIn: false,
    };
    fan.place = (await call(fan, "POST", "/v1/queue/tokens")).body.token;
    fans.push(fan);
  }
  let restarts = 0;
  for (let second = 0; second < LONGEST_SECONDS; second += STEP_SECONDS) {
    const latest = stages.findLast(({ fromSeconds }) => fromSeconds <= second)!;
    if (latest !== stage) {
      await box.settle();
      stage = latest;
      box = start();
      restarts++;
    }
    for (const [index, fan] of fans.entries()) {
      if (fan.printedCode) {
        // The first who bought come early, with what they have printed.
        if (index < 2 && !fan.isLetIn && restarts === 2) await checkIn(fan, fan.printedCode);
      } else if (fan.admittedAtMs !== null) await shop(fan, sale, index);
      else if (fan.nextPollMs <= clock()) await poll(fan);
      await box.settle();
    }
    if (noticed.length > 0) break;
    if (restarts === stages.length - 1 && fans.every(({ printedCode }) => printedCode)) break;
    clock.advance(STEP_SECONDS * 1000);
  }
  for (const fan of fans.filter(({ isLetIn, printedCode }) => !isLetIn && printedCode)) {
    await checkIn(fan, (await call(fan, "GET", "/v1/tickets")).body.items[0].code);
  }
  return { noticed, letIn: fans.filter(({ isLetIn }) => isLetIn).length, restarts };
}
