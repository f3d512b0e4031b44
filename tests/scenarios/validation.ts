import assert from "node:assert/strict";
import type { Scenario } from "./scenario.ts";

const JSON_TYPE = { "Content-Type": "application/json" };

export function validationScenarios(test: Scenario): void {
  test("ids that no store can keep are VALIDATION_FAILED, in bodies and in paths", async (open) => {
    const { call } = await open();
    for (const id of ["a\0", "\ud800", ""]) {
      const { body } = await call("POST", "/v1/payments", {
        fan: "a",
        key: "k",
        json: { reservationIds: [id] },
      });
      assert.equal(body.errors?.[0].path, "reservationIds[0]");
    }
    for (const userId of ["a\0", " a", "a ", ".", ".."]) {
      const sent = { operator: true, key: "k", json: { userId, amount: 1 } } as const;
      const { body } = await call("POST", "/v1/admin/balance/charges", sent);
      assert.deepEqual([body.code, body.errors?.[0].path], ["VALIDATION_FAILED", "userId"]);
    }
    for (const path of ["/v1/reservations/%00", "/v1/payments/a%00"]) {
      const method = path.includes("payments") ? "GET" : "DELETE";
      assert.equal((await call(method, path, { fan: "a" })).body.code, "VALIDATION_FAILED");
    }
  });

  test("a field that is absent is said to be absent", async (open) => {
    const { call, join } = await open();
    const place = await join("a");
    const messages = async (path: string, sent: Parameters<typeof call>[2]) => {
      const { body } = await call("POST", path, sent);
      return body.errors.map(({ path, message }: Record<string, string>) => `${path} ${message}`);
    };
    const operator = { operator: true } as const;
    assert.deepEqual(await messages("/v1/reservations", { fan: "a", place, json: {} }), [
      "concertId is required",
      "scheduleId is required",
      "seatIds is required, or bestAvailable",
    ]);
    assert.deepEqual(
      await messages("/v1/admin/balance/charges", { ...operator, key: "k", json: {} }),
      ["userId is required", "amount is required"],
    );
    const schedules = [{ seats: [{}] }];
    assert.deepEqual(
      await messages("/v1/admin/concerts", { ...operator, json: { schedules } }),
      [
        "title is required",
        "description is required",
        "schedules[0].concertAt is required",
        "schedules[0].reservationAvailableAt is required",
        "schedules[0].seats[0].price is required",
      ],
    );
    assert.deepEqual(await messages("/v1/admin/rooms", { ...operator, json: {} }), [
      "room is required",
    ]);
    const [malformed] = await messages("/v1/admin/rooms", { ...operator, json: { room: null } });
    assert.match(malformed!, /^room must be 1 to 32/);
  });

  test("a time zone is kept in its canonical spelling", async (open) => {
    const { call } = await open();
    const create = (timeZone: string) =>
      call("POST", "/v1/admin/concerts", {
        operator: true,
        json: {
          title: "t",
          description: "",
          timeZone,
          schedules: [{
            concertAt: "2026-12-24T00:00:00Z",
            reservationAvailableAt: "2026-12-01T00:00:00Z",
            seats: [{ seatNumber: 1, price: 1 }],
          }],
        },
      });
    assert.equal((await create("asia/seoul")).body.timeZone, "Asia/Seoul");
    assert.equal((await create("Asia/Kolkata")).body.timeZone, "Asia/Kolkata");
    for (const timeZone of ["asia/kolkata", "KST", "+09:00", "Asia/Seoul ", ""]) {
      const { status, body } = await create(timeZone);
      assert.deepEqual([status, body.errors?.[0].path], [400, "timeZone"], timeZone);
    }
  });

  test("hostile JSON is VALIDATION_FAILED and names the field", async (open) => {
    const { call, join } = await open();
    const place = await join("a");
    const right = { concertId: 1, scheduleId: 1, seatIds: [1] };
    const cases: [string, string][] = [
      ["null", "body"],
      ["[]", "body"],
      ['"text"', "body"],
      ["[".repeat(20_000) + "]".repeat(20_000), "body"],
      ["{}", "concertId"],
      [JSON.stringify({ ...right, concertId: "1" }), "concertId"],
      [JSON.stringify({ ...right, concertId: 0 }), "concertId"],
      [JSON.stringify({ ...right, scheduleId: 1.5 }), "scheduleId"],
      ['{"concertId":9007199254740993,"scheduleId":1,"seatIds":[1]}', "concertId"],
      ['{"concertId":1e400,"scheduleId":1,"seatIds":[1]}', "concertId"],
      [JSON.stringify({ ...right, seatIds: [] }), "seatIds"],
      [JSON.stringify({ ...right, seatIds: [1, 2, 1] }), "seatIds"],
      [JSON.stringify({ ...right, seatIds: [1, -2] }), "seatIds[1]"],
      [JSON.stringify({ ...right, seatIds: { 0: 1 } }), "seatIds"],
      [
        JSON.stringify({ ...right, seatIds: Array.from({ length: 51 }, (_, i) => i + 1) }),
        "seatIds",
      ],
      [JSON.stringify({ ...right, userId: "b" }), "userId"],
      ['{"concertId":1,"scheduleId":1,"seatIds":[1],"__proto__":{"x":1}}', "__proto__"],
    ];
    for (const [raw, path] of cases) {
      const { status, body } = await call("POST", "/v1/reservations", {
        fan: "a",
        place,
        raw,
        headers: JSON_TYPE,
      });
      const label = raw.slice(0, 80);
      assert.deepEqual(
        [status, body.code, body.errors?.[0].path],
        [400, "VALIDATION_FAILED", path],
        label,
      );
    }
  });

  test("bad concerts are refused whole, with every fault named", async (open) => {
    const { call } = await open();
    const { status, body } = await call("POST", "/v1/admin/concerts", {
      operator: true,
      json: {
        title: "a\0b",
        description: 5,
        timeZone: "Mars/Olympus",
        schedules: [{
          concertAt: "2026-12-24",
          reservationAvailableAt: "0000-01-01T00:00:00Z",
          seats: [
            { seatNumber: 1, price: 1 },
            { seatNumber: 1, price: -1 },
            { seatNumber: 1_000_001, price: 100_000_001, x: "left" },
          ],
        }, { concertAt: "2026-02-30T00:00:00Z", reservationAvailableAt: "x", seats: [] }],
      },
    });
    assert.equal(status, 400);
    const paths = body.errors.map(({ path }: { path: string }) => path);
    for (
      const path of [
        "title",
        "description",
        "timeZone",
        "schedules[0].concertAt",
        "schedules[0].reservationAvailableAt",
        "schedules[0].seats[1].price",
        "schedules[0].seats[2].seatNumber",
        "schedules[0].seats[2].price",
        "schedules[0].seats[2].x",
        "schedules[1].concertAt",
        "schedules[1].seats",
      ]
    ) assert.ok(paths.includes(path), `${path} in ${paths}`);
    const twice = await call("POST", "/v1/admin/concerts", {
      operator: true,
      json: {
        title: "t",
        description: "",
        schedules: [{
          concertAt: "2026-12-24T00:00:00Z",
          reservationAvailableAt: "2026-12-01T00:00:00Z",
          seats: [{ seatNumber: 1, price: 1 }, { seatNumber: 1, price: 1 }],
        }],
      },
    });
    assert.deepEqual(twice.body.errors.map(({ path }: { path: string }) => path), [
      "schedules[0].seats[1].seatNumber",
    ]);
  });

  test("a change that changes nothing, or too much, is refused", async (open) => {
    const { call } = await open();
    const cases: [unknown, string][] = [
      [{}, "body"],
      [{ status: "ENDED" }, "status"],
      [{ timeZone: "+09:00" }, "timeZone"],
      [{ title: "\ud800" }, "title"],
      [{ schedules: [{ scheduleId: 1 }] }, "schedules[0]"],
      [{ schedules: [{ scheduleId: 1, concertAt: null }] }, "schedules[0].concertAt"],
      [{ schedules: [{ scheduleId: 1, salesEndAt: "never" }] }, "schedules[0].salesEndAt"],
      [{ schedules: [{ scheduleId: 1, status: "SOLD_OUT" }] }, "schedules[0].status"],
    ];
    for (const [json, path] of cases) {
      const { status, body } = await call("PATCH", "/v1/admin/concerts/1", {
        operator: true,
        json,
      });
      assert.deepEqual([status, body.errors?.[0].path], [400, path]);
    }
  });

  test("bad paths and queries are VALIDATION_FAILED and name the parameter", async (open) => {
    const { call, join } = await open();
    const place = await join("a");
    for (
      const id of ["0", "-1", "1.5", "01", "1e3", "abc", "9007199254740993", "%00", "%zz", "1%20"]
    ) {
      const { status, body } = await call("GET", `/v1/concerts/${id}/schedules`, {
        fan: "a",
        place,
      });
      assert.deepEqual([status, body.errors?.[0].path], [400, "concertId"], id);
    }
    const cursors = [
      "",
      "x",
      "%",
      btoa("1"),
      btoa("a.b"),
      btoa("1.2.3"),
      btoa(`${"9".repeat(16)}.1`),
    ];
    const queries = [
      ...["0", "101", "-1", "1.5", "x", "", "1e1"].map((limit) => ["limit", limit] as const),
      ...cursors.map((cursor) => ["cursor", cursor] as const),
    ];
    for (const list of ["/v1/reservations", "/v1/payments"]) {
      for (const [name, value] of queries) {
        const { status, body } = await call("GET", `${list}?${name}=${encodeURIComponent(value)}`, {
          fan: "a",
        });
        assert.deepEqual([status, body.errors?.[0].path], [400, name], `${list} ${name}=${value}`);
      }
      const far = btoa(`${"9".repeat(15)}.${"9".repeat(15)}`).replaceAll("=", "");
      assert.equal(
        (await call("GET", `${list}?limit=100&cursor=${far}`, { fan: "a" })).status,
        200,
      );
    }
  });

  test("unknown ids, up to the largest number, are not found", async (open) => {
    const { call, join } = await open();
    const place = await join("a");
    const largest = "9007199254740991";
    const seats = `/v1/concerts/${largest}/schedules/${largest}/seats`;
    for (const path of [`/v1/concerts/${largest}/schedules`, seats]) {
      const { status, body } = await call("GET", path, { fan: "a", place });
      assert.deepEqual([status, body.code], [404, "CONCERT_NOT_FOUND"]);
    }
  });
}
