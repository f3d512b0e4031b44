interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

interface Answered<Body> {
  readonly data?: Body | undefined;
  readonly error?: { readonly code: string } | undefined;
}

/** Beyond so many pages a list is cut. */
const MOST_PAGES = 20;

/** A whole list: its pages one after another. `cursor` is absent for the first one. */
export async function everyPage<Item>(
  read: (cursor: { readonly cursor?: string }) => Promise<Answered<Page<Item>>>,
): Promise<Answered<Item[]>> {
  const items: Item[] = [];
  let cursor: { cursor?: string } = {};
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const { data, error } = await read(cursor);
    if (!data) return { error };
    items.push(...data.items);
    if (data.nextCursor === null) break;
    cursor = { cursor: data.nextCursor };
  }
  return { data: items };
}
