import { ok, refused, type Result } from "../../domain/result.ts";
import type { ApiFailureOf } from "../problems/failures.ts";
import { doubledKey } from "./doubled_key.ts";

export const JSON_MEDIA_TYPE = "application/json";
/** RFC 7396. A PATCH means the same under both names: absent members do not change. */
export const MERGE_PATCH_MEDIA_TYPE = "application/merge-patch+json";
export const CSV_MEDIA_TYPE = "text/csv";
export const BODY_LIMIT_BYTES = 64 * 1024;
/** A body that has not come by then is refused: 16 MiB in this time are 4.5 Mbit/s. */
export const BODY_DEADLINE_MS = 30_000;
export const CONCERT_BODY_LIMIT_BYTES = 16 * 1024 * 1024;

/** Whether `Content-Length` is over the limit. */
export function declaresTooLarge(request: Request, limitBytes: number): boolean {
  return Number(request.headers.get("Content-Length") ?? 0) > limitBytes;
}

const LATE = { kind: "MALFORMED_JSON", late: true } as const;

export interface ReadBodyOptions {
  /** Where it is false, no more than the beginning is kept and given: it takes no memory. */
  readonly isKept?: boolean;
  readonly deadlineMs?: number;
}

/**
 * Reads a body of at most `limitBytes` within the deadline, and then stops. An absent body is empty.
 */
export async function readBody(
  request: Request,
  limitBytes: number,
  { isKept = true, deadlineMs = BODY_DEADLINE_MS }: ReadBodyOptions = {},
): Promise<Result<Uint8Array, ApiFailureOf<"PAYLOAD_TOO_LARGE" | "MALFORMED_JSON">>> {
  if (!request.body) return ok(new Uint8Array());
  const chunks: Uint8Array[] = [];
  const reader = request.body.getReader();
  const stop = () => void reader.cancel().catch(() => {});
  let isLate = false;
  const deadline = setTimeout(() => {
    isLate = true;
    stop();
  }, deadlineMs);
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (isLate) return refused(LATE);
      if (done) break;
      size += value.byteLength;
      if (size > limitBytes) {
        stop();
        return refused({ kind: "PAYLOAD_TOO_LARGE", limitBytes });
      }
      if (isKept || size === value.byteLength) chunks.push(value);
    }
  } catch {
    // Where the stream was not stopped, the client has closed the connection.
    return refused(isLate ? LATE : { kind: "MALFORMED_JSON" });
  } finally {
    clearTimeout(deadline);
  }
  return ok(joined(chunks));
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1) return chunks[0]!;
  const whole = new Uint8Array(chunks.reduce((size, { byteLength }) => size + byteLength, 0));
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}

/** Whether a Content-Type header names JSON, in UTF-8 where it names a character set. */
export function isJson(contentType: string | null): boolean {
  return isMediaType(contentType, JSON_MEDIA_TYPE);
}

/** Whether a Content-Type header names a merge patch. */
export function isMergePatch(contentType: string | null): boolean {
  return isMediaType(contentType, MERGE_PATCH_MEDIA_TYPE);
}

/** The same for CSV. */
export function isCsv(contentType: string | null): boolean {
  return isMediaType(contentType, CSV_MEDIA_TYPE);
}

function isMediaType(contentType: string | null, wanted: string): boolean {
  const [type = "", ...parameters] = (contentType ?? "").toLowerCase().split(";");
  if (type.trim() !== wanted) return false;
  return parameters.map((parameter) => parameter.trim()).every((parameter) =>
    !parameter.startsWith("charset=") || /^charset="?utf-?8"?$/.test(parameter)
  );
}

/** Whether a Content-Encoding header names a coding. Bodies are not decoded. */
export function isEncoded(contentEncoding: string | null): boolean {
  return (contentEncoding ?? "").split(",").some((coding) =>
    !["", "identity"].includes(coding.trim().toLowerCase())
  );
}

/** A text in UTF-8 without its byte order mark; null if the bytes are none. */
export function decodeText(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Parses a JSON text in UTF-8. Of a doubled key, nobody can say which value was meant. */
export function parseJson(bytes: Uint8Array): Result<unknown, ApiFailureOf<"MALFORMED_JSON">> {
  const text = decodeText(bytes);
  let value: unknown;
  try {
    value = JSON.parse(text ?? "");
  } catch {
    return refused({ kind: "MALFORMED_JSON" });
  }
  const key = doubledKey(text!);
  return key === null ? ok(value) : refused({ kind: "MALFORMED_JSON", doubledKey: key });
}
