import { deepEqual, equal } from "node:assert/strict";
import { newFan } from "../../support/api_box.ts";
import { openRemoteBox } from "../../support/remote_box.ts";
import { assertUnavailable } from "./cloud.ts";
import { outages } from "./scenes.ts";

const LEAST_NEAR = 200;
const DOCUMENT_USED_MS = 30_000;
const BREAKER_OPEN_MS = 1_000;

const outage = outages();

outage(
  "while Redis is away far fans are told to wait without a position, and near ones get 503",
  async (cloud) => {
    const box = openRemoteBox(cloud, { settings: { QUEUE_CAPACITY: "1" } });
    const places: string[] = [];
    for (let fan = 0; fan < 2 + LEAST_NEAR; fan++) places.push(await box.join(newFan("f")));
    const near = () => box.call("GET", "/v1/queue/tokens/me", { place: places[1]! });
    const far = () => box.call("GET", "/v1/queue/tokens/me", { place: places.at(-1)! });
    equal((await far()).body.position, 1 + LEAST_NEAR);

    await cloud.killRedis();
    equal((await far()).body.position, 1 + LEAST_NEAR, "the document is fresh");
    assertUnavailable(await near(), "near");
    box.clock.advance(DOCUMENT_USED_MS - 1);
    const { status, body } = await far();
    deepEqual([status, body.state, body.position, body.ahead], [200, "WAITING", null, null]);
    deepEqual([body.positionIs, body.estimatedWaitSeconds], [null, null]);
    box.clock.advance(1);
    assertUnavailable(await far(), "far");

    await cloud.startRedis();
    await box.pass(BREAKER_OPEN_MS);
    deepEqual((await far()).body.reason, "LINE_RESET");
  },
);
