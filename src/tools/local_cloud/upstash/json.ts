import type { Reply } from "../redis/resp.ts";

export type Encoding = "plain" | "base64";

const utf8 = new TextDecoder();
const encoder = new TextEncoder();

/** `{"result": …}` or `{"error": …}`, which is never encoded. */
export function itemJson(reply: Reply, encoding: Encoding): string {
  if (reply.kind === "error") return errorJson(reply.message);
  // Clients tell the bare word from the base64 of "OK"; any other simple string they decode.
  const bare = reply.kind === "simple" && reply.text === "OK";
  return `{"result":${bare ? '"OK"' : valueJson(reply, encoding)}}`;
}

export function errorJson(message: string): string {
  return JSON.stringify({ error: message });
}

/** Written by hand, since an integer of 64 bits would not survive as a number. */
function valueJson(reply: Reply, encoding: Encoding): string {
  switch (reply.kind) {
    case "nil":
      return "null";
    case "integer":
      return reply.digits;
    case "bulk":
      return encoding === "base64"
        ? `"${reply.bytes.toBase64()}"`
        : JSON.stringify(utf8.decode(reply.bytes));
    case "simple":
      return encoding === "base64"
        ? `"${encoder.encode(reply.text).toBase64()}"`
        : JSON.stringify(reply.text);
    case "error":
      return JSON.stringify(reply.message);
    case "array":
      return `[${reply.items.map((item) => valueJson(item, encoding)).join(",")}]`;
  }
}
