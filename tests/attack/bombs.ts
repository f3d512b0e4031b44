import { ok } from "node:assert/strict";
import { withoutHang } from "../support/wait.ts";
import type { Operation } from "../requests/document.ts";
import { type AttackWorld, send, withHeaders } from "./world.ts";

export const KIB = 1024;
export const MIB = KIB * KIB;
/** The limit of most routes. */
export const SMALL = 64 * KIB;

const fill = (part: string, bytes: number) => part.repeat(Math.floor(bytes / part.length));
const keys = (bytes: number) => {
  const each = '"kkkkkkkk":0,'.length;
  return Array.from(
    { length: Math.floor(bytes / each) - 2 },
    (_, index) => `"k${String(index).padStart(7, "0")}":0`,
  ).join(",");
};

/** Texts that cost a parser more than their bytes, each just below the limit. */
function bombs(limit: number): Record<string, string> {
  const bytes = limit - KIB;
  return {
    "lists in lists": fill("[", bytes / 2) + fill("]", bytes / 2),
    "lists that do not end": fill("[", bytes),
    "objects in objects": `${fill('{"a":', bytes - bytes / 5)}0${
      fill("}", bytes - bytes / 5).slice(0, Math.floor((bytes - bytes / 5) / 5))
    }`,
    "lists in a member": `{"seatIds":${fill("[", bytes / 2 - 20)}${fill("]", bytes / 2 - 20)}}`,
    "lists in a text member": `{"reason":${fill("[", bytes / 2 - 20)}${fill("]", bytes / 2 - 20)}}`,
    "objects in a member": `{"schedules":[${fill('{"seats":[', bytes / 2 - 20)}${
      fill("]}", bytes / 10 - 4)
    }]}`,
    "many keys": `{${keys(bytes)}}`,
    "many keys that are the same": `{${fill('"a":0,', bytes - 10)}"a":0}`,
    "keys of every object": `{"__proto__":${fill('{"__proto__":', bytes / 2)}0${
      fill("}", bytes / 26)
    }}`,
    "a long key": `{"${fill("k", bytes)}":0}`,
    "a long text": `{"reason":"${fill("x", bytes)}"}`,
    "a text of escapes": `{"reason":"${fill("\\u0000", bytes)}"}`,
    "a text of broken characters": `{"title":"${fill("\\ud800", bytes)}"}`,
    "a text of backslashes": `{"reason":"${fill("\\\\", bytes)}"}`,
    "a long number": `{"amount":${fill("9", bytes)}}`,
    "a long fraction": `{"amount":1.${fill("3", bytes)}}`,
    "a large power": `{"amount":1e${fill("9", bytes)}}`,
    "many numbers": `{"seatIds":[${fill("1,", bytes - 20)}1]}`,
    "many objects": `{"schedules":[${fill("{},", bytes - 20)}{}]}`,
    "blanks": `{"amount":${fill(" ", bytes)}0}`,
    "blanks after texts": `[${fill(`"a"${" ".repeat(KIB)},`, bytes)}0]`,
    "nothing but blanks": fill("\n", bytes),
    "bytes of no character": fill("\u0000", bytes),
  };
}

const REFUSALS = [400, 413];

/** Sends every bomb of that size. Gives how many. */
export async function explode(
  attacked: AttackWorld,
  operation: Operation,
  limit: number,
): Promise<number> {
  const { world: { box }, requestOf } = attacked;
  const wire = await requestOf(operation);
  const type = { "Content-Type": "application/json", "Idempotency-Key": "bomb" };
  let sent = 0;
  for (const [name, body] of Object.entries(bombs(limit))) {
    const label = `${operation.operationId}: ${name}`;
    const asking = send(box, { ...withHeaders(wire, type), body });
    const { status, text } = await withoutHang(label, asking);
    ok(REFUSALS.includes(status), `${label}: ${status} ${text.slice(0, 300)}`);
    ok(text.length < SMALL, `${label}: an answer of ${text.length} characters`);
    sent++;
  }
  return sent;
}
