import { deepEqual, equal, match, ok } from "node:assert/strict";
import { LARGEST_SEATS, seatsThatDoNotFit } from "../support/largest_seats.ts";
import { type RemoteBackend, startRemoteBackend } from "../support/remote_backend.ts";
import { openRemoteBox } from "../support/remote_box.ts";
import { testOfRealRedis } from "../support/redis.ts";
import type { NewSeat } from "../../src/ports/catalogue.ts";

const MAX_BODY_BYTES = 16 * 1024 * 1024;
const OPERATOR = { operator: true } as const;

let backend: RemoteBackend | undefined;
Deno.test.beforeAll(async () => {
  backend = await startRemoteBackend();
});
Deno.test.afterAll(async () => {
  await backend?.close();
});

function concertOf(seats: readonly Partial<NewSeat>[], nowMs: number): string {
  const text = JSON.stringify({
    title: "A stadium",
    description: "",
    schedules: [{
      concertAt: new Date(nowMs + 86_400_000).toISOString(),
      reservationAvailableAt: new Date(nowMs - 1_000).toISOString(),
      seats,
    }],
  }, (_key, value) => value ?? undefined);
  ok(new TextEncoder().encode(text).byteLength <= MAX_BODY_BYTES);
  return text;
}

const JSON_BODY = { "Content-Type": "application/json" };

for (const [name, make] of Object.entries(LARGEST_SEATS)) {
  testOfRealRedis(`a concert is made with ${name}`, async () => {
    const box = openRemoteBox(backend!, { redisDecides: true });
    const seats = make();
    const raw = concertOf(seats, box.clock());
    const sent = { ...OPERATOR, raw, headers: JSON_BODY, key: `largest-${name.length}` };
    const { status, body, text } = await box.call("POST", "/v1/admin/concerts", sent);
    equal(status, 201, text.slice(0, 500));
    const made = body.schedules[0].seats as { seatNumber: number; label: string }[];
    deepEqual(
      made.map(({ seatNumber, label }) => [seatNumber, label]),
      seats.map(({ label }, index) => [index + 1, label]),
    );
    const again = await box.call("POST", "/v1/admin/concerts", sent);
    equal(again.headers.get("Idempotency-Replayed"), "true");
    ok(again.text === text, "byte for byte");
    const rows = await backend!.database.sql(
      `select section, row_name as row, label, x, y, price::integer from seats
       where schedule_id = $1::text::bigint order by seat_id`,
      [String(body.schedules[0].scheduleId)],
    );
    deepEqual(
      rows,
      seats.map(({ section, row, label, x, y, price }) => ({ section, row, label, x, y, price })),
    );
  });
}

testOfRealRedis(
  "100,000 seats are added as CSV, and in JSON; what does not fit is refused",
  async () => {
    const box = openRemoteBox(backend!, { redisDecides: true });
    const first = concertOf([{ price: 1, label: "first" }], box.clock());
    const seats = LARGEST_SEATS["100,000 seats with Korean labels of 20 characters and places"]()
      .slice(1);
    const columns = ["label", "section", "row", "x", "y", "price"] as const;
    const csv = [columns.join(), ...seats.map((seat) => columns.map((name) => seat[name]).join())]
      .join("\n");
    for (
      const [type, raw] of [["text/csv", csv], [
        "application/json",
        JSON.stringify({ seats }),
      ]] as const
    ) {
      const { body } = await box.call("POST", "/v1/admin/concerts", {
        ...OPERATOR,
        raw: first,
        headers: JSON_BODY,
      });
      const path = `/v1/admin/concerts/${body.concertId}/schedules/${
        body.schedules[0].scheduleId
      }/seats`;
      for (const query of ["?dryRun=true", ""]) {
        const added = await box.call("POST", path + query, {
          ...OPERATOR,
          raw,
          headers: { "Content-Type": type },
        });
        equal(added.status, 201, added.text.slice(0, 500));
        equal(added.body.added, seats.length);
      }
    }

    const tooLarge = concertOf(seatsThatDoNotFit(), box.clock());
    const refused = await box.call("POST", "/v1/admin/concerts", {
      ...OPERATOR,
      raw: tooLarge,
      headers: JSON_BODY,
    });
    deepEqual([refused.status, refused.body.code], [400, "VALIDATION_FAILED"]);
    equal(refused.body.errors[0].path, "schedules");
    match(refused.body.errors[0].message, /at most 10400000/);
  },
);
