import { deepEqual, equal } from "node:assert/strict";
import { isFanId, isPseudonym, isRoomId, MAIN_ROOM } from "../../src/domain/ids.ts";

Deno.test("`isRoomId()` takes 1 to 32 small letters, digits and inner hyphens", () => {
  const right = ["a", "7", "main", "a-b", "a--b", "2030-01-01", "x".repeat(32)];
  deepEqual(right.filter((text) => !isRoomId(text)), []);
  const wrong = [
    "",
    "-",
    "-a",
    "a-",
    "A",
    "a b",
    "a_b",
    "a.b",
    "é",
    "a\n",
    "x".repeat(33),
    7,
    null,
  ];
  deepEqual(wrong.filter(isRoomId), []);
});

Deno.test("the room that is always there is main", () => {
  equal(MAIN_ROOM, "main");
});

Deno.test("`isFanId()` takes 1 to 128 characters, however many bytes they have", () => {
  const right = ["a", "...", ".a", "가나다", "a b", "a/b", "x".repeat(128), "🎟".repeat(128)];
  deepEqual(right.filter((text) => !isFanId(text)), []);
  deepEqual(["", "x".repeat(129), "🎟".repeat(129)].filter(isFanId), []);
});

Deno.test("`isFanId()` refuses what a store or an address would take for another fan", () => {
  const wrong = [
    ...["a\0b", "\ud83c", "a\udf9fb"],
    ...[" a", "a ", "\ta", "a\u3000", " "],
    ...[".", ".."],
    ...[7, null, undefined, ["a"], { length: 1 }],
  ];
  deepEqual(wrong.filter(isFanId), []);
});

Deno.test("`isPseudonym()` knows what stands for an erased fan, by its exact form", () => {
  const pseudonym = `erased_${crypto.randomUUID()}`;
  equal(isPseudonym(pseudonym), true);
  const people = [
    ...["ann", "erased", "erased_", "erased_1", "erased_0b7d8a52", "erased_fan"],
    ...[`an ${pseudonym}`, `${pseudonym}1`, `${pseudonym}\n`, pseudonym.toUpperCase()],
    ...[pseudonym.slice(0, -1), pseudonym.replace("erased_", "Erased_")],
  ];
  deepEqual(people.filter(isPseudonym), []);
});
