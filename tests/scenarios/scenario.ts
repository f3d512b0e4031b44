import type { ApiBox, BoxSettings } from "../support/api_box.ts";

/** Opens a box for one scenario. The box is closed after the scenario. */
export type OpenBox = (settings?: BoxSettings) => Promise<ApiBox>;

/** Registers one scenario: a test of the whole API over HTTP. */
export type Scenario = (name: string, run: (open: OpenBox) => Promise<void>) => void;
