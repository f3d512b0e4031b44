import { createStanchionClient } from "@stanchion/client";
import { language } from "./language.ts";
import { learnServerTime } from "./server_clock.ts";
import { accessToken } from "./session.ts";

/** The API, as any other site would call it. Problems come in the language of the page. */
export const client = createStanchionClient({
  baseUrl: location.origin,
  getAccessToken: accessToken,
  async fetch(url, init) {
    const headers = { ...init.headers, "Accept-Language": language() };
    const answer = await fetch(url, { ...init, headers });
    learnServerTime(answer.headers.get("Date"));
    return answer;
  },
});
