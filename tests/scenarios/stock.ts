import assert from "node:assert/strict";
import { type ApiBox, newFan } from "../support/api_box.ts";
import { joinRoom, makeRoom, standing, states } from "../support/room.ts";
import { holdSeats, pay, putOnSale, type Sale } from "../support/sale.ts";
import type { Scenario } from "./scenario.ts";

async function lookAtSeats(box: ApiBox, fan: string, place: string, sale: Sale): Promise<void> {
  // Of two counts of the same moment the first one is kept.
  box.clock.advance(1);
  const path = `/v1/concerts/${sale.concertId}/schedules/${sale.schedules[0]!.scheduleId}/seats`;
  assert.equal((await box.call("GET", path, { fan, place })).status, 200);
  await box.settle();
}

/** A room of two with all its seats held by `a`, seen to be so by `b`; three more wait. */
async function heldOut(box: ApiBox) {
  const room = await makeRoom(box, { capacity: 2, holdTtlSeconds: 60 });
  const sale = await putOnSale(box, { room, dates: [2], price: 0 });
  const [a, b] = [newFan("a"), newFan("b")];
  const inside = (await joinRoom(box, room, a)).body.token;
  const idle = (await joinRoom(box, room, b)).body.token;
  const waiting: string[] = [];
  for (const name of ["c", "d", "e"]) {
    waiting.push((await joinRoom(box, room, newFan(name))).body.token);
  }
  const held = await holdSeats(box, a, inside, sale, sale.schedules[0]!.seatIds);
  await lookAtSeats(box, b, idle, sale);
  return { room, sale, a, idle, inside, waiting, held };
}

export function stockScenarios(test: Scenario): void {
  test("with every seat held, waiting fans get SOLD_OUT, with seats that may return, and stay", async (open) => {
    const box = await open();
    const { idle, waiting } = await heldOut(box);
    const found = await standing(box, waiting[0]!);
    assert.deepEqual([found.state, found.reason, found.seatsMayReturn, found.position], [
      "WAITING",
      "SOLD_OUT",
      true,
      1,
    ]);
    await box.call("DELETE", "/v1/queue/tokens/me", { place: idle });
    assert.equal(await states(box, waiting), "WAITING WAITING WAITING");
  });

  test("when holds lapse waiting fans are admitted in order, and no more than there are seats", async (open) => {
    const box = await open();
    const { idle, inside, waiting } = await heldOut(box);
    for (const place of [idle, inside]) {
      await box.call("DELETE", "/v1/queue/tokens/me", { place });
    }
    assert.equal(await states(box, waiting), "WAITING WAITING WAITING");
    box.clock.advance(60_000);
    await standing(box, waiting[2]!);
    await box.settle();
    assert.equal(await states(box, waiting), "ADMITTED ADMITTED WAITING");
    assert.equal((await standing(box, waiting[2]!)).reason, null);
  });

  test("with every seat sold, no waiting fan is admitted in vain", async (open) => {
    const box = await open();
    const { a, held, waiting, room } = await heldOut(box);
    box.clock.advance(1);
    assert.equal((await pay(box, a, held)).status, 201);
    await box.settle();
    const found = await standing(box, waiting[0]!);
    assert.deepEqual([found.state, found.reason, found.seatsMayReturn], [
      "WAITING",
      "SOLD_OUT",
      false,
    ]);
    const late = (await joinRoom(box, room, newFan("z"))).body;
    assert.deepEqual([late.state, late.reason, late.position], ["WAITING", "SOLD_OUT", 4]);
  });

  test("the seat of a cancelled hold admits a waiting fan within seconds", async (open) => {
    const box = await open();
    const { a, held, idle, waiting } = await heldOut(box);
    await box.call("DELETE", "/v1/queue/tokens/me", { place: idle });
    await box.call("DELETE", `/v1/reservations/${held[0]}`, { fan: a });
    box.clock.advance(5_000);
    await standing(box, waiting[0]!);
    await box.settle();
    assert.equal(await states(box, waiting), "ADMITTED WAITING WAITING");
  });

  test("with nobody waiting a fan is admitted at once, sold out or not", async (open) => {
    const box = await open();
    const { a, held, room, waiting } = await heldOut(box);
    box.clock.advance(1);
    await pay(box, a, held);
    await box.settle();
    for (const place of waiting) await box.call("DELETE", "/v1/queue/tokens/me", { place });
    assert.equal((await joinRoom(box, room, newFan("z"))).body.state, "ADMITTED");
  });

  test("a new concert ends SOLD_OUT for waiting fans", async (open) => {
    const box = await open();
    const { a, held, room, waiting } = await heldOut(box);
    box.clock.advance(1);
    await pay(box, a, held);
    await box.settle();
    assert.equal((await standing(box, waiting[0]!)).reason, "SOLD_OUT");
    box.clock.advance(1);
    await putOnSale(box, { room, dates: [1] });
    await box.settle();
    assert.equal((await standing(box, waiting[0]!)).state, "ADMITTED");
  });

  test("a wiped queue learns that all is sold before it admits anybody", async (open) => {
    const box = await open();
    const { a, held, room } = await heldOut(box);
    box.clock.advance(1);
    await pay(box, a, held);
    await box.settle();
    await box.wipeLine();
    const found: string[] = [];
    for (const name of ["x", "y", "z"]) {
      const { body } = await joinRoom(box, room, newFan(name));
      found.push(body.reason ?? body.state);
    }
    // Two find nobody in line, and room.
    assert.deepEqual(found, ["ADMITTED", "ADMITTED", "SOLD_OUT"]);
  });

  test("a concert that is withdrawn, or moves to another room, makes its room SOLD_OUT", async (open) => {
    const box = await open();
    const other = await makeRoom(box);
    for (const json of [{ status: "WITHDRAWN" }, { room: other }]) {
      const { room, waiting } = await heldOut(box);
      const { concertId } = await putOnSale(box, { room, dates: [2000] });
      box.clock.advance(1);
      await box.call("PATCH", `/v1/admin/concerts/${concertId}`, { operator: true, json });
      await box.settle();
      const found = await standing(box, waiting[2]!);
      assert.deepEqual([found.reason, found.seatsMayReturn], ["SOLD_OUT", true]);
    }
    const { room, sale, waiting } = await heldOut(box);
    box.clock.advance(1);
    await box.call("PATCH", `/v1/admin/concerts/${sale.concertId}`, {
      operator: true,
      json: { status: "WITHDRAWN" },
    });
    const found = await standing(box, waiting[2]!);
    assert.deepEqual([found.reason, found.seatsMayReturn], ["SOLD_OUT", false], room);
  });
}
