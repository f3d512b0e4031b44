import { Buffer } from "node:buffer";
import type { RedisReply } from "../redis/connection.ts";

export type Encoding = "plain" | "base64";

const INTEGER = /^-?\d+$/;

/** `{"result": …}` or `{"error": …}`, which is never encoded. */
export function replyJson(reply: RedisReply, encoding: Encoding): string {
  if (reply instanceof Error) return errorJson(reply.message);
  // Clients distinguish a simple OK and the base64 of "OK". They decode every other simple string.
  return `{"result":${reply === "OK" ? '"OK"' : valueJson(reply, encoding)}}`;
}

export function errorJson(message: string): string {
  return JSON.stringify({ error: message });
}

/** Not `JSON.stringify` of the whole: an integer of 64 bits does not fit a number. */
function valueJson(reply: RedisReply, encoding: Encoding): string {
  if (reply === null) return "null";
  if (Array.isArray(reply)) {
    return `[${reply.map((item) => valueJson(item, encoding)).join(",")}]`;
  }
  if (reply instanceof Error) return JSON.stringify(reply.message);
  if (typeof reply === "string" && INTEGER.test(reply)) return reply;
  const bytes = typeof reply === "string" ? Buffer.from(reply) : reply as Buffer;
  return encoding === "base64" ? `"${bytes.toString("base64")}"` : JSON.stringify(bytes.toString());
}
