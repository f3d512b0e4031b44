import type { CallParts } from "./calls.ts";
import type { OwnSeats } from "./own_seats.ts";
import { isProblem } from "./problems.ts";

/** Routes that anybody may read, and those that the queue token alone opens. */
const NO_FAN = /^\/v1\/(queue|queue\/tokens\/me|programme|rooms\/.*)$/;
const ADMITTED = /^\/v1\/(concerts|reservations$|queue\/admissions)/;
/** Refusals of who is not admitted, also since the secret of queue tokens was changed. */
const NO_ADMISSION = /^(NOT_ADMITTED|QUEUE_TOKEN_)/;

export interface PassageParts {
  readonly accessToken: () => Promise<string | null>;
  readonly queueToken: () => string | null;
  readonly ownSeats: OwnSeats;
  /** An answer says that the admission has ended, or ends it. */
  readonly onEndOfAdmission: () => void;
}

/** The credentials of each request, and what is learnt from each answer. */
export function createPassage(
  { accessToken, queueToken, ownSeats, onEndOfAdmission }: PassageParts,
): Pick<CallParts, "headersOf" | "learn"> {
  return {
    async headersOf(path) {
      const token = NO_FAN.test(path) ? null : await accessToken();
      return {
        Authorization: token && `Bearer ${token}`,
        "Queue-Token": ADMITTED.test(path) ? queueToken() : null,
      };
    },
    // deno-lint-ignore no-explicit-any -- The bodies are those of the routes below.
    learn(path, body: any) {
      if (isProblem(body)) {
        if (ADMITTED.test(path) && NO_ADMISSION.test(body.code)) onEndOfAdmission();
      } else if (!body) return;
      else if (path.startsWith("/v1/reservations")) {
        ownSeats.learn(body.reservations ?? body.items ?? [body], body.takenAt);
      } else if (path.startsWith("/v1/payments")) {
        ownSeats.learnPaid(body.payments ?? body.items ?? [body.payment ?? body]);
        if (body.payments) onEndOfAdmission();
      }
    },
  };
}
