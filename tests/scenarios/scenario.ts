import type { ApiBox, BoxSettings } from "../support/api_box.ts";

/** Opens a box for one test, which closes it. */
export type OpenBox = (settings?: BoxSettings) => Promise<ApiBox>;

export type ApiTest = (name: string, run: (open: OpenBox) => Promise<void>) => void;
