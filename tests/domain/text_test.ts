import { deepEqual } from "node:assert/strict";
import { hasBlankEdge, isBlank } from "../../src/domain/text.ts";

Deno.test("`isBlank()` knows texts of which a reader sees nothing", () => {
  const blank = [" ", "\t\n", "\u00a0", "\u3000", "\u200b", "\ufeff", "\u3164", "\u2800", "\u2060"];
  deepEqual(blank.filter((text) => !isBlank(text)), []);
  deepEqual([blank.join(""), "\u202e\u200d\ufe0f"].filter((text) => !isBlank(text)), []);
  deepEqual(["a", " a ", ".", "가", "❤️", "\u200bx"].filter(isBlank), []);
});

Deno.test("`hasBlankEdge()` knows texts that look like a shorter one", () => {
  const blanks = [" ", "\t", "\n", "\u00a0", "\u3000", "\u200b", "\ufeff", "\u3164", "\u007f"];
  deepEqual(
    blanks.flatMap((blank) => [`a${blank}`, `${blank}a`]).filter((t) => !hasBlankEdge(t)),
    [],
  );
  // A variation selector ends an emoji, a joiner a Persian word.
  deepEqual(["a", "a b", "a\u3000b", "❤️", "کتاب‌"].filter(hasBlankEdge), []);
});
