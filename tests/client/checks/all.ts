import type { Checks } from "../support/device.ts";
import { actChecks } from "./acts.ts";
import { endChecks } from "./ends.ts";
import { placeChecks } from "./places.ts";
import { pollingChecks } from "./polling.ts";
import { seatChecks } from "./seats.ts";
import { tabChecks } from "./tabs.ts";

export const clientChecks: Checks = {
  ...pollingChecks,
  ...placeChecks,
  ...endChecks,
  ...tabChecks,
  ...actChecks,
  ...seatChecks,
};
