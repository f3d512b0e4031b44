import { equal } from "node:assert/strict";
import { textOfFile } from "../../src/pages/ops/file_text.ts";

/** `구역,price`, and a syllable that CP949 alone has: `똠`. */
const CP949 = [0xb1, 0xb8, 0xbf, 0xaa, 0x2c, 0x70, 0x72, 0x69, 0x63, 0x65, 0x0a, 0x8c, 0x63];

Deno.test("textOfFile() reads UTF-8 with and without a byte order mark", () => {
  const bytes = new TextEncoder().encode("구역,price\n똠,5");
  equal(textOfFile(bytes), "구역,price\n똠,5");
  equal(textOfFile(new Uint8Array([0xef, 0xbb, 0xbf, ...bytes])), "구역,price\n똠,5");
});

Deno.test("textOfFile() reads what older Korean Excel writes", () => {
  equal(textOfFile(new Uint8Array(CP949)), "구역,price\n똠");
});
