import { createStanchionClient } from "@stanchion/client";
import { language } from "./language.ts";
import { accessToken } from "./session.ts";

/** The API, as any other site would call it. Problems come in the language of the page. */
export const client = createStanchionClient({
  baseUrl: location.origin,
  getAccessToken: accessToken,
  fetch: (url, init) =>
    fetch(url, { ...init, headers: { ...init.headers, "Accept-Language": language() } }),
});
