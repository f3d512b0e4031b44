import type { Page } from "./answers.ts";
import { describeAnswer } from "./call.ts";
import type { HttpClient } from "./http_client.ts";

const DEFAULT_LIMIT = 100;
/** Enough for the most seats that a concert can have, at the default limit. */
const MAX_PAGES = 1_001;

/** Throws an error with the answer at any refusal. */
export async function readBody<Body>(
  client: HttpClient,
  path: string,
  bearer: string,
): Promise<Body> {
  const answer = await client.send<Body>({ name: "audit", method: "GET", path, bearer });
  if (answer.ok) return answer.body;
  throw new Error(`GET ${path} was answered with ${describeAnswer(answer)}`);
}

/** Reads a whole list, page by page. */
export async function readPages<Item>(
  client: HttpClient,
  path: string,
  bearer: string,
  limit = DEFAULT_LIMIT,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page++) {
    const query: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
    const body: Page<Item> = await readBody(client, `${path}?limit=${limit}${query}`, bearer);
    items.push(...body.items);
    cursor = body.nextCursor;
    if (cursor === null) return items;
  }
  throw new Error(`${path} has more than ${MAX_PAGES} pages`);
}
