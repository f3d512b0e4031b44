import type { Received } from "../support/api_box.ts";
import type { Operation } from "./document.ts";

/** Refusals of a request as such, and not of its act. */
const OF_THE_REQUEST = new Set([
  "MALFORMED_JSON",
  "VALIDATION_FAILED",
  "UNSUPPORTED_MEDIA_TYPE",
  "PAYLOAD_TOO_LARGE",
  "METHOD_NOT_ALLOWED",
  "NOT_FOUND",
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "IDEMPOTENCY_KEY_REQUIRED",
]);

/** A reason that no schema can say, and the words that an operation must have for it. */
interface Reason {
  readonly message: RegExp;
  readonly words: RegExp;
}

const REASONS: readonly Reason[] = [
  { message: /between the years 1970 and 9998/, words: /between the years 1970 and 9998/ },
  {
    message: /must not begin or end in a blank/,
    words: /Neither their first nor their last character is a space/,
  },
  { message: /must not be blank/, words: /show something/ },
  { message: /well-formed Unicode/, words: /well-formed Unicode/ },
  { message: /must be an IANA time zone/, words: /IANA/ },
  { message: /nextCursor of this list/, words: /nextCursor/ },
  { message: /from 1 to 100$/, words: /CSV/ },
  { message: /must not be (?:below|above) pollM/, words: /not (?:below|above) `pollM/ },
  { message: /must be null in a room that is/, words: /room of another state only null/ },
  { message: /TURNSTILE_SECRET/, words: /needs the settings TURNSTILE_SECRET/ },
  { message: /must be in the future/, words: /a time in the future/ },
  {
    message: /must begin with https|public host|IP address|user name/,
    words: /https, with a public host name/,
  },
  { message: /must not contain a fragment/, words: /no fragment/ },
  { message: /must be an RFC 3339 time/, words: /`T` and `Z` in capitals/ },
  { message: /must be before the end of the sale/, words: /before it ends/ },
  { message: /beside seatIds|is required, or bestAvailable/, words: /place of `seatIds`/ },
  { message: /must be unique in its schedule/, words: /Unique in its schedule/ },
  { message: /must be unique with its section and row/, words: /Unique with its section and row/ },
  { message: /no number up to 1000000 is left/, words: /none is left after 1,000,000/ },
  { message: /must be after reservationAvailableAt/, words: /after `reservationAvailableAt`/ },
  { message: /^must not be 0$/, words: /; not 0\./ },
  { message: /must change something/, words: /At least one .*besides `\w+` is needed/ },
  {
    message: /must be one of|no possible value here/,
    words: /audience that the deployment does not name/,
  },
  { message: /must name each schedule once/, words: /each schedule once/ },
  { message: /small letters, digits or hyphens/, words: /nextCursor/ },
  { message: /^There is no such/, words: /./ },
];

/** What refused a request that its schemas allow, unless the words of the operation say it. */
export function unexplained(
  { operationId }: Operation,
  words: string,
  { body }: Received,
): string[] {
  if (!OF_THE_REQUEST.has(body?.code)) return [];
  const faults: { path: string; message: string }[] = body.errors ??
    [{ path: body.code, message: body.detail }];
  return faults.filter(({ message }) =>
    !REASONS.some((reason) => reason.message.test(message) && reason.words.test(words))
  ).map(({ path, message }) => `${operationId}: ${path.replaceAll(/\[\d+\]/g, "[]")}: ${message}`);
}
