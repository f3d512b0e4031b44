import { MAX_AUDIENCE_LENGTH } from "./domain/admission.ts";
import { isLoopbackHost } from "./domain/loopback.ts";
import { addressFault } from "./domain/origins.ts";
import { type GivenSettings, listOf, type ReportFault } from "./config_values.ts";

// The settings of admissions for other servers.

/** Who an admission says the fan is: a name of its own for each audience, or the user id. */
export const ADMISSION_SUBJECTS = ["pseudonym", "user"] as const;

export interface AdmissionSettings {
  /** `iss`: the address of this deployment. */
  readonly issuer: string;
  /** The values that `aud` may have. The first one is the default. */
  readonly audiences: readonly string[];
  readonly subject: typeof ADMISSION_SUBJECTS[number];
}

const MAX_AUDIENCES = 20;
const AUDIENCE_NAME = /^[A-Za-z0-9][\w.:-]*$/;
const ADDRESS_EXAMPLE = "https://tickets.example.com";

/** Reports every fault of these settings. */
export function checkAdmissions(given: GivenSettings, fault: ReportFault): void {
  const audiences = given["ADMISSION_AUDIENCES"] ? listOf(given["ADMISSION_AUDIENCES"]) : [];
  if (audiences.length > MAX_AUDIENCES) {
    fault("ADMISSION_AUDIENCES", `may have at most ${MAX_AUDIENCES} audiences`);
  }
  for (const [index, audience] of audiences.entries()) {
    const isDoubled = audiences.indexOf(audience) < index;
    const message = isDoubled ? "must have each audience once" : audienceFault(audience);
    if (message !== null) fault("ADMISSION_AUDIENCES", `${message}: ${JSON.stringify(audience)}`);
  }
  const issuer = given["ADMISSION_ISSUER"];
  if (issuer) {
    const message = addressFault(issuer);
    if (message !== null) fault("ADMISSION_ISSUER", message);
  } else if (audiences.length > 0 && !storesAreHere(given)) {
    const example = `the address of this service, such as ${ADDRESS_EXAMPLE}`;
    fault("ADMISSION_ISSUER", `is required with ADMISSION_AUDIENCES: ${example}`);
  }
}

/** Null if no admissions are issued. */
export function admissionSettings(
  read: {
    readonly ADMISSION_AUDIENCES?: string | undefined;
    readonly ADMISSION_ISSUER?: string | undefined;
    readonly ADMISSION_SUBJECT: AdmissionSettings["subject"];
    readonly PORT: number;
  },
): AdmissionSettings | null {
  if (!read.ADMISSION_AUDIENCES) return null;
  return {
    issuer: read.ADMISSION_ISSUER ?? `http://localhost:${read.PORT}`,
    audiences: listOf(read.ADMISSION_AUDIENCES),
    subject: read.ADMISSION_SUBJECT,
  };
}

function audienceFault(audience: string): string | null {
  if (audience.length > MAX_AUDIENCE_LENGTH) {
    return `must have audiences of at most ${MAX_AUDIENCE_LENGTH} characters`;
  }
  const isName = AUDIENCE_NAME.test(audience) && !/^https?:/i.test(audience);
  return isName || addressFault(audience) === null
    ? null
    : "must be https origins such as https://shop.example.com, without a path, or names such as shop";
}

/** Whether all stores are on this machine, as far as their addresses are valid. */
function storesAreHere(given: GivenSettings): boolean {
  return [given["UPSTASH_REDIS_REST_URL"], given["DATABASE_URL"]]
    .every((url) => !url || (URL.canParse(url) && isLoopbackHost(new URL(url).hostname)));
}
