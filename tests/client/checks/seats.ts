import { deepEqual, equal, ok } from "node:assert/strict";
import type { SeatsView } from "../../../src/client/seats.ts";
import { type Checks, device, json, problem, type SentRequest } from "../support/device.ts";

const COLUMNS = ["seatId", "seatNumber", "label", "section", "row", "x", "y", "price"];
const at = (seconds: number) => new Date(Date.UTC(2026, 11, 1, 10, 0, seconds)).toISOString();

/** Three seats. The test sets the letters, their time, and the version of the map. */
function hall() {
  const state = {
    letters: "AAA",
    takenAtS: 0,
    version: "v1",
    reservation: {} as object,
    maps: 0,
    statuses: 0,
    unchanged: 0,
    answer({ path, method, headers, body }: SentRequest): Response {
      if (path.endsWith("/seat-map")) {
        state.maps++;
        const price = state.version === "v1" ? 100 : 200;
        return tagged(headers, state.version, {
          concertId: 1,
          scheduleId: 2,
          mapVersion: state.version,
          columns: COLUMNS,
          seats: [11, 12, 13].map((
            id,
            index,
          ) => [id, index + 1, `${index + 1}`, null, null, null, null, price]),
        });
      }
      if (path.endsWith("/seat-statuses")) {
        state.statuses++;
        const etag = `${state.version} ${state.letters} ${state.takenAtS}`;
        return tagged(headers, etag, {
          scheduleId: 2,
          mapVersion: state.version,
          takenAt: at(state.takenAtS),
          statuses: state.letters,
        });
      }
      if (path === "/v1/payments") {
        const [reservationId] = JSON.parse(body).reservationIds;
        return json(201, { payments: [{ reservationId, paidAt: at(8) }] });
      }
      if (method === "DELETE") return json(200, { ...state.reservation, status: "CANCELLED" });
      state.reservation = {
        reservationId: "r1",
        seatId: JSON.parse(body).seatIds[0],
        status: "HELD",
        expiresAt: at(50),
      };
      return json(201, { reservations: [state.reservation], takenAt: at(5) });
    },
  };
  function tagged(headers: Headers, etag: string, body: unknown): Response {
    const quoted = `"${etag}"`;
    if (headers.get("If-None-Match") !== quoted) return json(200, body, { ETag: quoted });
    state.unchanged++;
    return new Response(null, { status: 304, headers: { ETag: quoted } });
  }
  return state;
}

const shown = ({ current }: SeatsView) =>
  current.seats.map(({ status, own }) => status[0]! + (own ? "!" : "")).join(" ");
const HOLD = { concertId: 1, scheduleId: 2, seatIds: [12] };

export const seatChecks: Checks = {
  async "the map and its statuses are one list; what did not change is not sent again"(create) {
    const sale = hall();
    const { client, time } = device(create, sale.answer);
    const view = client().seats(1, 2);
    let changes = 0;
    const leave = view.subscribe(() => changes++);
    await time.settle();
    equal(shown(view), "A A A");
    deepEqual(view.current.seats[1], {
      seatId: 12,
      seatNumber: 2,
      label: "2",
      section: null,
      row: null,
      x: null,
      y: null,
      price: 100,
      status: "AVAILABLE",
      own: false,
    });
    await time.pass(4_000);
    deepEqual([sale.maps, sale.statuses, sale.unchanged, changes], [1, 3, 2, 2]);
    const [first] = view.current.seats;
    Object.assign(sale, { letters: "AHS", takenAtS: 4 });
    await time.pass(2_000);
    equal(shown(view), "A H S");
    equal(view.current.seats[0], first, "the same object");
    leave();
    await time.pass(60_000);
    equal(sale.statuses, 4, "nobody looks");
  },

  async "an own hold is laid over statuses that are older than it, and over no newer ones"(create) {
    const sale = hall();
    const { client, time } = device(create, sale.answer);
    const fan = client();
    const view = fan.seats(1, 2);
    await view.refresh();
    await fan.hold(HOLD);
    Object.assign(sale, { takenAtS: 4 });
    await view.refresh();
    equal(shown(view), "A H! A");
    Object.assign(sale, { takenAtS: 5, letters: "AHA" });
    await view.refresh();
    equal(shown(view), "A H! A", "still the fan's own");
    Object.assign(sale, { takenAtS: 20, letters: "AAA" });
    await view.refresh();
    equal(shown(view), "A A A", "lapsed, or freed elsewhere");
    await time.settle();
  },

  async "whoever looks sees an own hold at once"(create) {
    const sale = hall();
    const { client, time } = device(create, sale.answer);
    const fan = client();
    const view = fan.seats(1, 2);
    view.subscribe(() => {});
    await time.settle();
    await fan.hold(HOLD);
    equal(shown(view), "A H! A");
    equal(sale.statuses, 1);
    view.stop();
  },

  async "a view that is stopped asks no more, whoever leaves it or comes to it later"(create) {
    const sale = hall();
    const { client, time } = device(create, sale.answer);
    const view = client().seats(1, 2);
    const [leave] = [view.subscribe(() => {}), view.subscribe(() => {})];
    await time.settle();
    const asked = view.refresh();
    view.stop();
    leave();
    await asked;
    await time.pass(60_000);
    deepEqual([sale.maps, sale.statuses], [1, 2]);
    view.subscribe(() => {});
    await view.refresh();
    deepEqual([sale.maps, sale.statuses], [1, 2], "after it was stopped");
    const other = client().seats(1, 2);
    other.subscribe(() => {});
    other.stop();
    await time.settle();
    deepEqual([sale.maps, sale.statuses], [2, 2], "while the map was read");
  },

  async "a hold of another fan after one's own has lapsed is not one's own"(create) {
    const sale = hall();
    const { client } = device(create, sale.answer);
    const fan = client();
    const view = fan.seats(1, 2);
    await fan.hold(HOLD);
    Object.assign(sale, { takenAtS: 55, letters: "AHA" });
    await view.refresh();
    equal(shown(view), "A H A");
  },

  async "an own payment is laid over older statuses"(create) {
    const sale = hall();
    const { client } = device(create, sale.answer);
    const fan = client();
    const view = fan.seats(1, 2);
    await fan.hold(HOLD);
    await fan.pay({ reservationIds: ["r1"] });
    Object.assign(sale, { takenAtS: 7, letters: "AHA" });
    await view.refresh();
    equal(shown(view), "A S! A");
    Object.assign(sale, { takenAtS: 8, letters: "ASA" });
    await view.refresh();
    equal(shown(view), "A S! A");
  },

  async "a seat that was refunded and sold to another fan is not one's own"(create) {
    const sale = hall();
    const { client } = device(create, sale.answer);
    const fan = client();
    const view = fan.seats(1, 2);
    await fan.hold(HOLD);
    await fan.pay({ reservationIds: ["r1"] });
    Object.assign(sale, { takenAtS: 8, letters: "ASA" });
    await view.refresh();
    equal(shown(view), "A S! A");
    Object.assign(sale, { takenAtS: 20, letters: "AAA" });
    await view.refresh();
    Object.assign(sale, { takenAtS: 30, letters: "ASA" });
    await view.refresh();
    equal(shown(view), "A S A");
  },

  async "a refund that passes through the client ends what is one's own"(create) {
    const sale = hall();
    const { client, server } = device(create, sale.answer);
    const fan = client();
    const view = fan.seats(1, 2);
    await fan.hold(HOLD);
    await fan.pay({ reservationIds: ["r1"] });
    const payment = { paymentId: "p1", reservationId: "r1", status: "REFUNDED", paidAt: at(8) };
    server.answer = () => json(201, { payment, balance: 100 });
    await fan.POST("/v1/payments/{paymentId}/refunds", { params: { path: { paymentId: "p1" } } });
    server.answer = sale.answer;
    Object.assign(sale, { takenAtS: 30, letters: "ASA" });
    await view.refresh();
    equal(shown(view), "A S A", "sold again between two questions");
  },

  async "a hold that was given back is available, until statuses contain it"(create) {
    const sale = hall();
    const { client, time } = device(create, sale.answer);
    const fan = client();
    const view = fan.seats(1, 2);
    await fan.hold(HOLD);
    await fan.cancel("r1");
    Object.assign(sale, { takenAtS: 6, letters: "AHA" });
    await view.refresh();
    equal(shown(view), "A A A");
    await time.pass(3_000);
    Object.assign(sale, { takenAtS: 9 });
    await view.refresh();
    equal(shown(view), "A H A", "taken by somebody else");
  },

  async "own holds are known from the list of reservations, as after a reload"(create) {
    const sale = hall();
    const { client, server } = device(create, sale.answer);
    const fan = client();
    server.answer = () =>
      json(200, {
        items: [{ reservationId: "r1", seatId: 12, status: "HELD", expiresAt: at(50) }],
        nextCursor: null,
      });
    await fan.GET("/v1/reservations");
    server.answer = sale.answer;
    sale.letters = "AHA";
    const view = fan.seats(1, 2);
    await view.refresh();
    equal(shown(view), "A H! A");
  },

  async "when prices change the map is read again"(create) {
    const sale = hall();
    const { client } = device(create, sale.answer);
    const view = client().seats(1, 2);
    await view.refresh();
    sale.version = "v2";
    await view.refresh();
    deepEqual([sale.maps, view.current.seats[0]!.price], [2, 200]);
  },

  async "statuses of another map are not laid over this one"(create) {
    const sale = hall();
    const { client, server } = device(create, sale.answer);
    const view = client().seats(1, 2);
    await view.refresh();
    // A cache still has the old map.
    server.answer = (request) => {
      const answer = { ...sale, version: "v2", letters: "SSS" };
      return request.path.endsWith("/seat-map") ? sale.answer(request) : json(200, {
        scheduleId: 2,
        mapVersion: answer.version,
        takenAt: at(9),
        statuses: answer.letters,
      });
    };
    await view.refresh();
    equal(shown(view), "A A A");
  },

  async "an outage keeps the seats, and is told; a refusal ends the questions"(create) {
    const sale = hall();
    const { client, time, server } = device(create, sale.answer);
    const view = client().seats(1, 2);
    view.subscribe(() => {});
    await time.settle();
    server.answer = () => problem(503, "DEPENDENCY_UNAVAILABLE", { "Retry-After": "10" });
    await time.pass(11_500);
    equal(view.current.failure?.problem?.code, "DEPENDENCY_UNAVAILABLE");
    equal(shown(view), "A A A");
    equal(server.sent.length, 3);
    server.answer = sale.answer;
    await time.pass(10_000);
    ok(view.current.failure === null as unknown);
    server.answer = () => problem(403, "NOT_ADMITTED");
    await time.pass(3_000);
    equal(view.current.failure?.problem?.code, "NOT_ADMITTED");
    const asked = server.sent.length;
    await time.pass(60_000);
    equal(server.sent.length, asked);
    ok(view.current.seats.length === 3);
  },
};
