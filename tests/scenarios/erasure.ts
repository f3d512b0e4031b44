import assert from "node:assert/strict";
import { type ApiBox, newFan } from "../support/api_box.ts";
import { joinRoom, makeRoom, standing } from "../support/room.ts";
import { charge, holdSeats, pay, putOnSale, type Sale } from "../support/sale.ts";
import type { Scenario } from "./scenario.ts";

const DAY_MS = 86_400_000;
/** `putOnSale` puts the first date of a concert so far ahead. */
const TO_CONCERT_MS = 31 * DAY_MS;

const pathOf = (fan: string) => `/v1/admin/fans/${encodeURIComponent(fan)}`;
const operator = true;

const erase = (box: ApiBox, fan: string, reason = "") =>
  box.call("DELETE", `${pathOf(fan)}${reason && `?reason=${encodeURIComponent(reason)}`}`, {
    operator,
  });

/** Buys the first seat of the sale. */
async function buyOne(box: ApiBox, fan: string, sale: Sale): Promise<void> {
  const place = await box.join(fan);
  await charge(box, fan, 1000);
  const [seat] = sale.schedules[0]!.seatIds;
  const paid = await pay(box, fan, await holdSeats(box, fan, place, sale, [seat!]));
  assert.equal(paid.status, 201, paid.text);
  await box.settle();
}

/** The buyers in the sales of a concert, as JSON and as CSV. */
async function salesOf(box: ApiBox, { concertId }: Sale): Promise<[string[], string]> {
  const path = `/v1/admin/concerts/${concertId}/sales`;
  const { body } = await box.call("GET", path, { operator });
  const csv = await box.call("GET", path, { operator, headers: { Accept: "text/csv" } });
  return [body.items.map(({ userId }: { userId: string }) => userId), csv.text];
}

export function erasureScenarios(test: Scenario): void {
  test("DELETE /v1/admin/fans/{userId} erases the person, not the sums", async (open) => {
    const box = await open();
    const [fan, other] = [newFan("erased"), newFan("stays")];
    const sale = await putOnSale(box, { dates: [2] });
    await buyOne(box, fan, sale);
    const concert = `/v1/admin/concerts/${sale.concertId}`;
    const early = await erase(box, fan);
    assert.deepEqual([early.status, early.body.code, early.body.reasons], [
      409,
      "ERASURE_NOT_POSSIBLE",
      ["TICKETS"],
    ]);
    box.clock.advance(TO_CONCERT_MS);
    const before = (await box.call("GET", concert, { operator })).body;
    const [, csvBefore] = await salesOf(box, sale);

    const erased = await erase(box, fan, `${fan} asked for it`);
    assert.deepEqual([erased.status, erased.body], [200, { erased: true }]);
    const [[pseudonym], csv] = await salesOf(box, sale);
    assert.match(pseudonym!, /^erased_./);
    assert.equal(csv, csvBefore.replace(fan, pseudonym!));
    assert.deepEqual((await box.call("GET", concert, { operator })).body, before);
    const { body: found } = await box.call("GET", pathOf(fan), { operator });
    assert.deepEqual([found.balance, found.payments, found.tickets, found.place], [
      0,
      [],
      [],
      null,
    ]);
    // What the law wants kept is found by the pseudonym.
    const { body: ledger } = await box.call("GET", `${pathOf(pseudonym!)}/ledger`, { operator });
    const kinds = ledger.items.map(({ kind }: { kind: string }) => kind);
    assert.deepEqual(kinds, ["PAYMENT", "CHARGE"]);

    const { body: { items: [entry] } } = await box.call("GET", "/v1/admin/audit?limit=1", {
      operator,
    });
    assert.deepEqual([entry.action, entry.subject, entry.reason], [
      "FAN_ERASED",
      pseudonym,
      `${pseudonym} asked for it`,
    ]);
    // Again, of a fan whom nobody has seen, and of the pseudonym itself: the same answer.
    for (const name of [fan, other, pseudonym!]) {
      assert.deepEqual((await erase(box, name)).text, erased.text);
    }
    assert.deepEqual((await salesOf(box, sale))[0], [pseudonym]);
  });

  test("an erased fan leaves the line of every room, and is a new person afterwards", async (open) => {
    const box = await open({ QUEUE_CAPACITY: "1" });
    const fan = newFan("leaves");
    const room = await makeRoom(box, { capacity: 1 });
    const admitted = await box.join(fan);
    const waits = newFan("waits");
    const next = await box.join(waits);
    await joinRoom(box, room, newFan("house"));
    const waiting = (await joinRoom(box, room, fan)).body.token;
    assert.equal((await standing(box, admitted)).state, "ADMITTED");
    assert.equal((await standing(box, waiting)).state, "WAITING");

    assert.equal((await erase(box, fan)).status, 200);
    for (const place of [admitted, waiting]) {
      const { state, reason } = await standing(box, place);
      assert.deepEqual([state, reason], ["GONE", "ENDED"]);
    }
    // The slot goes on.
    assert.equal((await standing(box, next)).state, "ADMITTED");
    const concerts = await box.call("GET", "/v1/concerts", { fan, place: admitted });
    assert.equal(concerts.body.code, "NOT_ADMITTED");
    const anew = (await box.call("POST", "/v1/queue/tokens", { fan })).body;
    assert.deepEqual([anew.state, anew.position], ["WAITING", 1]);
  });

  test("a refused erasure leaves the fan in line", async (open) => {
    const box = await open();
    const fan = newFan("owed");
    const place = await box.join(fan);
    await charge(box, fan, 5);
    const refused = await erase(box, fan);
    assert.deepEqual(refused.body.reasons, ["BALANCE"]);
    assert.equal((await standing(box, place)).state, "ADMITTED");
  });

  test("nobody signs in as an erased fan, and only operators erase", async (open) => {
    const box = await open();
    const fan = newFan("erased");
    const pseudonym = `erased_${crypto.randomUUID()}`;
    const taken = await box.call("GET", "/v1/balance", { fan: pseudonym });
    assert.deepEqual([taken.status, taken.body.code], [401, "UNAUTHENTICATED"]);
    // Other ids that begin so are those of people.
    for (const person of [newFan("erased_lee"), pseudonym.slice(0, -1)]) {
      assert.equal((await box.call("GET", "/v1/balance", { fan: person })).status, 200);
    }
    const own = await box.call("DELETE", pathOf(fan), { fan });
    assert.equal(own.body.code, "UNAUTHENTICATED");
    const unknown = await box.call("DELETE", `${pathOf(fan)}?why=1`, { operator });
    assert.equal(unknown.body.code, "VALIDATION_FAILED");
  });
}
