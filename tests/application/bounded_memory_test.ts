import { deepEqual, equal } from "node:assert/strict";
import { createBoundedMemory } from "../../src/application/bounded_memory.ts";

function memoryOf(...entries: readonly (readonly [key: string, size: number])[]) {
  const memory = createBoundedMemory<string>({ maxSize: 10 });
  for (const [key, size] of entries) memory.set(key, `value of ${key}`, size);
  return memory;
}
const kept = (memory: ReturnType<typeof memoryOf>, keys = "abcd") =>
  [...keys].filter((key) => memory.get(key) !== undefined).join("");

Deno.test("a bounded memory keeps values up to its size", () => {
  const memory = memoryOf(["a", 4], ["b", 6]);
  deepEqual([memory.get("a"), memory.get("b"), memory.get("c")], [
    "value of a",
    "value of b",
    undefined,
  ]);
});

Deno.test("the least recently used values go first, as many as must", () => {
  equal(kept(memoryOf(["a", 4], ["b", 6], ["c", 1])), "bc");
  equal(kept(memoryOf(["a", 3], ["b", 3], ["c", 3], ["d", 7])), "cd");
  const used = memoryOf(["a", 4], ["b", 6]);
  used.get("a");
  used.set("c", "value of c", 1);
  equal(kept(used), "ac");
});

Deno.test("a value that is larger than the memory is not kept, nor is the one that it replaces", () => {
  const memory = memoryOf(["a", 4], ["b", 10]);
  equal(kept(memory), "b");
  memory.set("b", "too large", 11);
  equal(kept(memory), "");
});

Deno.test("a value that is too large leaves the others as they are", () => {
  equal(kept(memoryOf(["a", 4], ["b", 6], ["c", 11])), "ab");
});

Deno.test("a replaced value takes no room any more", () => {
  const memory = memoryOf(["a", 8], ["a", 2], ["b", 8]);
  equal(kept(memory), "ab");
  memory.set("c", "value of c", 1);
  equal(kept(memory), "bc");
});
