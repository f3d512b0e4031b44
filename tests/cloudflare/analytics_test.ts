import { deepEqual, equal } from "node:assert/strict";
import { analyticsOf } from "../../src/cloudflare/bindings.ts";
import type { FanId, RoomId } from "../../src/domain/ids.ts";
import { PROGRAM_VERSION } from "../../src/domain/version.ts";
import type { ReportedEvent } from "../../src/ports/report.ts";

const REQUEST = {
  requestId: "r-1",
  traceparent: "00-1-2-01",
  route: "GET /v1/balance",
  status: 503,
  code: "DEPENDENCY_UNAVAILABLE",
  ms: 12,
  roundTrips: { redis: { trips: 0, ms: 0 }, postgres: { trips: 1, ms: 11 } },
  fan: "alice" as FanId,
  room: "main" as RoomId,
};

Deno.test("Analytics Engine gets a point a request, without the fan", () => {
  const points: unknown[] = [];
  const REQUESTS = { writeDataPoint: (point: unknown) => void points.push(point) };
  const [observer] = analyticsOf({ REQUESTS }, () => {});
  equal(observer!.wants(200), true);
  observer!.observe(REQUEST);
  deepEqual(points, [{
    indexes: ["GET /v1/balance"],
    blobs: ["GET /v1/balance", "503", "DEPENDENCY_UNAVAILABLE", "main", PROGRAM_VERSION],
    doubles: [12, 0, 0, 1, 11],
  }]);
});

Deno.test("without the binding nothing is written, and its failure fails no request", () => {
  deepEqual(analyticsOf({}, () => {}), []);
  const reports: ReportedEvent[] = [];
  const REQUESTS = {
    writeDataPoint() {
      throw new Error("no dataset");
    },
  };
  const [observer] = analyticsOf({ REQUESTS }, (event) => reports.push(event));
  observer!.observe(REQUEST);
  deepEqual(reports.map(({ what }) => what), ["observer_failed"]);
});
