import assert from "node:assert/strict";
import { openEmbeddedDatabase } from "../../src/adapters/postgres/pglite.ts";
import { failToStart, type Run, signIn, start } from "../support/local_run.ts";

/** How often the run is killed; by hand, STANCHION_KILLS=30 or more. */
const KILLS = Number(Deno.env.get("STANCHION_KILLS") ?? 3);
/** Each run is killed in the middle of the sale, after this many payments more were acknowledged. */
const PAYMENTS_BEFORE_KILL = 5;
const CHARGE = 1_000_000;
const OPERATOR = "operator-token";
const SETTINGS = { ADMIN_TOKEN: OPERATOR, QUEUE_CAPACITY: "1000", SEAT_LIMIT: "50" };

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

interface Acknowledged {
  /** Per fan, the answer to each charge, by its key. */
  readonly charges: Map<string, Map<string, number>>;
  readonly payments: Map<string, Set<string>>;
}

/** Buys seat by seat until the run dies, and notes what was acknowledged. */
async function buyUntilKilled(
  run: Run,
  [fan, user]: readonly [string, string],
  seatIds: readonly number[],
  noted: Acknowledged,
  paid: () => void,
): Promise<void> {
  for (const seatId of seatIds) {
    const key = `${fan}-${seatId}`;
    const { body: { token: place } } = await run.call("POST", "/v1/queue/tokens", { user });
    const held = await run.call("POST", "/v1/reservations", {
      user,
      place,
      json: { concertId: 1, scheduleId: 1, seatIds: [seatId] },
    });
    if (held.status !== 201) continue;
    const charged = await run.call("POST", "/v1/balance/charges", {
      user,
      key,
      json: { amount: CHARGE },
    });
    if (charged.status === 201) noted.charges.get(fan)!.set(key, charged.body.balance);
    const reservationIds = [held.body.reservations[0].reservationId];
    const answer = await run.call("POST", "/v1/payments", { user, key, json: { reservationIds } });
    if (answer.status !== 201) continue;
    noted.payments.get(fan)!.add(answer.body.payments[0].paymentId);
    paid();
  }
}

/** Everything acknowledged is there, every key is remembered, and every balance adds up. */
async function audit(run: Run, users: readonly (readonly [string, string])[], noted: Acknowledged) {
  for (const [fan, user] of users) {
    const charges = noted.charges.get(fan)!;
    for (const [key, balance] of charges) {
      const again = await run.call("POST", "/v1/balance/charges", {
        user,
        key,
        json: { amount: CHARGE },
      });
      assert.deepEqual([again.status, again.body.balance], [201, balance], `${key} is remembered`);
    }
    const { body } = await run.call("GET", `/v1/admin/fans/${fan}`, { user: OPERATOR });
    const ids = new Set(body.payments.map(({ paymentId }: { paymentId: string }) => paymentId));
    for (const id of noted.payments.get(fan)!) assert.ok(ids.has(id), `${id} was acknowledged`);
    const spent = body.payments.reduce(
      (sum: number, { amount }: { amount: number }) => sum + amount,
      0,
    );
    const income = body.balance + spent;
    assert.equal(income % CHARGE, 0, "money in is whole charges");
    assert.ok(income >= charges.size * CHARGE, "no acknowledged charge is missing");
    assert.ok(
      income <= (charges.size + KILLS) * CHARGE,
      "at most one charge a kill lost its answer",
    );
  }
  const sales = await run.call("GET", "/v1/admin/concerts/1/sales?limit=100", { user: OPERATOR });
  const seats = sales.body.items.map(({ seatId }: { seatId: number }) => seatId);
  assert.equal(new Set(seats).size, seats.length, "no seat is sold twice");
  const concert = await run.call("GET", "/v1/admin/concerts/1", { user: OPERATOR });
  const { seatCount, seatsLeft } = concert.body.schedules[0];
  assert.equal(seatsLeft, seatCount - seats.length);
}

Deno.test("DATA_DIR loses nothing acknowledged when the run is killed in mid-sale, again and again", () =>
  inFolder(async (folder) => {
    const fans = ["ann", "bob", "cho", "dee"];
    const noted: Acknowledged = {
      charges: new Map(fans.map((fan) => [fan, new Map()])),
      payments: new Map(fans.map((fan) => [fan, new Set()])),
    };
    let users: (readonly [string, string])[] = [];
    for (let kill = 0; kill <= KILLS; kill++) {
      await using run = await start({ ...SETTINGS, DATA_DIR: folder });
      if (kill === 0) {
        users = await Promise.all(fans.map(async (fan) => [fan, await signIn(run, fan)] as const));
      }
      await audit(run, users, noted);
      if (kill === KILLS) break;
      let payments = 0;
      const killed = Promise.withResolvers<void>();
      const sale = users.map((user, index) => {
        const seatIds = Array.from(
          { length: 10 },
          (_, seat) => 10 * ((kill + index) % 4) + seat + 1,
        );
        return buyUntilKilled(run, user, seatIds, noted, () => {
          if (++payments === PAYMENTS_BEFORE_KILL) {
            killed.resolve(run.stop("SIGKILL").then(() => {}));
          }
        }).catch(() => {}); // the connection dies with the run
      });
      await Promise.race([killed.promise, Promise.all(sale)]);
      await Promise.all(sale);
    }
  }));

Deno.test("after a restart the queue is empty, and fans rejoin in their old order", () =>
  inFolder(async (folder) => {
    const settings = { ...SETTINGS, QUEUE_CAPACITY: "1", DATA_DIR: folder };
    const places = new Map<string, { user: string; place: string }>();
    {
      await using run = await start(settings);
      for (const fan of ["in", "first", "second"]) {
        const user = await signIn(run, fan);
        const { body } = await run.call("POST", "/v1/queue/tokens", { user });
        places.set(fan, { user, place: body.token });
      }
      await run.stop("SIGKILL");
    }
    await using run = await start(settings);
    const counts = await run.call("GET", "/v1/queue", {});
    assert.deepEqual(counts.body, { waiting: 0, admitted: 0, capacity: 1 });
    const fresh = await signIn(run, "fresh");
    assert.equal(
      (await run.call("POST", "/v1/queue/tokens", { user: fresh })).body.state,
      "ADMITTED",
    );
    const late = await signIn(run, "late");
    await run.call("POST", "/v1/queue/tokens", { user: late });
    for (const fan of ["second", "first"]) {
      const { user, place } = places.get(fan)!;
      const read = await run.call("GET", "/v1/queue/tokens/me", { place });
      assert.deepEqual([read.body.state, read.body.reason], ["GONE", "LINE_RESET"]);
      const rejoined = await run.call("POST", "/v1/queue/tokens", { user, place });
      assert.deepEqual([rejoined.status, rejoined.body.position], [201, 1], fan);
    }
  }));

Deno.test("a damaged, foreign or newer database stops the start in plain words, and is left alone", () =>
  inFolder(async (folder) => {
    const database = await openEmbeddedDatabase(`${folder}/database`);
    await database.sql("insert into schema_version (version, name) values (999, 'later')", []);
    await database.close();
    assert.match(await failToStart({ DATA_DIR: folder }), /DATA_DIR: .*version 999, newer than/);
    await Deno.writeTextFile(`${folder}/database/global/pg_control`, "garbage");
    assert.match(
      await failToStart({ DATA_DIR: folder }),
      /DATA_DIR: .* is damaged and was left as it is/,
    );
    assert.equal(await Deno.readTextFile(`${folder}/database/global/pg_control`), "garbage");
    await Deno.remove(`${folder}/database/PG_VERSION`);
    assert.match(await failToStart({ DATA_DIR: folder }), /DATA_DIR: .* holds no database/);
    await Deno.writeTextFile(`${folder}/secrets.json`, "{");
    assert.match(await failToStart({ DATA_DIR: folder }), /DATA_DIR cannot keep/);
  }));

Deno.test("a run that was killed while it made its database starts anew", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/database/base`, { recursive: true });
    await Deno.writeTextFile(`${folder}/database/PG_VERSION`, "18");
    await Deno.writeTextFile(`${folder}/database.making`, "");
    await using run = await start({ ...SETTINGS, DATA_DIR: folder });
    assert.equal((await run.call("GET", "/readyz", {})).status, 200);
  }));

Deno.test("a run with another CURRENCY than that of DATA_DIR does not start", async () => {
  await inFolder(async (folder) => {
    const DATA_DIR = `${folder}/data`;
    await using run = await start({ DATA_DIR });
    assert.equal((await run.call("GET", "/readyz")).status, 200);
    assert.equal(await run.stop("SIGTERM"), 0);
    const said = await failToStart({ DATA_DIR, CURRENCY: "USD" });
    assert.match(said, /^ {2}CURRENCY must be KRW: the amounts of this database are in it$/m);
    await using again = await start({ DATA_DIR, CURRENCY: "KRW" });
    assert.equal((await again.call("GET", "/readyz")).status, 200);
  });
});
