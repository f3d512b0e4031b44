/** What clients depend on: the document without its words and examples. */
export function surfaceOf(document: unknown): unknown {
  return withoutWords(document, false);
}

const WORDS = ["description", "summary", "title", "example", "examples", "tags", "info", "servers"];

/** `isNames`: the keys of the object are names, such as those of members, and no keywords. */
function withoutWords(node: unknown, isNames: boolean): unknown {
  if (Array.isArray(node)) return node.map((part) => withoutWords(part, false));
  if (typeof node !== "object" || node === null) return node;
  const parts = Object.entries(node).filter(([key]) => isNames || !WORDS.includes(key));
  return Object.fromEntries(
    parts.map(([key, part]) => [key, withoutWords(part, !isNames && key === "properties")]),
  );
}
