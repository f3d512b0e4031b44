import { createRemoteJWKSet, customFetch, errors, type JWTPayload, jwtVerify } from "jose";

/** What an admission of Stanchion proves. */
export interface Admission {
  /** The fan: a pseudonym that is the same for this audience, or the user id. */
  readonly subject: string;
  readonly room: string;
  readonly audience: string;
  readonly issuer: string;
  /** The `jti`. */
  readonly id: string;
  readonly expiresAtMs: number;
}

/**
 * MISSING: there is none. EXPIRED and OTHER_ROOM: a real one, but not for now or for here.
 * REPLAYED: it was used before. INVALID: everything else, such as a forged one.
 */
export type AdmissionRefusal = "MISSING" | "INVALID" | "EXPIRED" | "OTHER_ROOM" | "REPLAYED";

export type AdmissionResult =
  | { readonly ok: true; readonly admission: Admission }
  | { readonly ok: false; readonly refusal: AdmissionRefusal };

/** Remembers which admissions were used. All processes of a server must share one. */
export interface ReplayStore {
  /** In one atomic act: true and keeps the id until `untilMs`; false if it is kept already. */
  use(id: string, untilMs: number): boolean | Promise<boolean>;
}

export interface AdmissionCheckOptions {
  /** `iss`: the address of Stanchion, such as `https://tickets.example.com`. */
  readonly issuer: string;
  /** `aud`: this server, exactly as in `ADMISSION_AUDIENCES`. */
  readonly audience: string;
  /** The room, or the rooms, whose admitted fans may enter here. */
  readonly room: string | readonly string[];
  /** By default `/.well-known/jwks.json` of the issuer. */
  readonly keysUrl?: string;
  /** How far the clocks of Stanchion and of this server may be apart. */
  readonly leewaySeconds?: number;
  /** How long fetched keys are used. A key that Stanchion removes is trusted as long at most. */
  readonly keysMaxAgeSeconds?: number;
  /** With it each admission enters once. */
  readonly replays?: ReplayStore;
  readonly clock?: () => number;
  readonly fetch?: (url: string, options: RequestInit) => Promise<Response>;
}

/** Checks an admission. Throws `AdmissionKeysError` if the keys cannot be had. */
export type AdmissionCheck = (admission: string | null | undefined) => Promise<AdmissionResult>;

/** The `typ` of an admission. User tokens, queue tokens and ticket codes never have it. */
const TYPE = "admission+jwt";
const ALGORITHM = "EdDSA";
const REQUIRED = ["iss", "aud", "sub", "room", "iat", "exp", "jti"];
const MAX_LENGTH = 4096;
const LEEWAY_SECONDS = 10;
const KEYS_MAX_AGE_SECONDS = 600;

/** The public keys of Stanchion could not be fetched, so that no admission can be checked. */
export class AdmissionKeysError extends Error {
  override readonly name = "AdmissionKeysError";
  readonly problem: AdmissionProblem = {
    status: 503,
    headers: {
      "Content-Type": "application/problem+json",
      "Cache-Control": "no-store",
      "Retry-After": "5",
    },
    body: JSON.stringify({
      title: "Admissions cannot be checked now",
      status: 503,
      code: "ADMISSION_KEYS_UNAVAILABLE",
    }),
  };

  constructor(cause: unknown) {
    super("the keys of admissions could not be fetched", { cause });
  }

  /** For hono, which answers with it. */
  getResponse(): Response {
    const { body, status, headers } = this.problem;
    return new Response(body, { status, headers });
  }
}

/**
 * A check of admissions. The keys are fetched once, and again when a new one signs. Throws a
 * `TypeError` if an option is missing without which anything would be let in.
 */
export function createAdmissionCheck(options: AdmissionCheckOptions): AdmissionCheck {
  const { issuer, audience, replays, clock = Date.now } = options;
  const { leewaySeconds = LEEWAY_SECONDS, keysMaxAgeSeconds = KEYS_MAX_AGE_SECONDS } = options;
  const rooms: readonly unknown[] = [options.room].flat();
  // What is undefined here is compared with nothing by the verification.
  requireOption("issuer", isName(issuer));
  requireOption("audience", isName(audience));
  requireOption("room", rooms.length > 0 && rooms.every(isName));
  requireOption("leewaySeconds", isDuration(leewaySeconds));
  requireOption("keysMaxAgeSeconds", isDuration(keysMaxAgeSeconds));
  const keysUrl = new URL(options.keysUrl ?? "/.well-known/jwks.json", issuer);
  const keys = createRemoteJWKSet(keysUrl, {
    cacheMaxAge: keysMaxAgeSeconds * 1000,
    ...(options.fetch ? { [customFetch]: options.fetch } : {}),
  });

  return async (text) => {
    if (!text) return refused("MISSING");
    if (text.length > MAX_LENGTH) return refused("INVALID");
    let claims: JWTPayload;
    try {
      const verified = await jwtVerify(text, keys, {
        algorithms: [ALGORITHM],
        typ: TYPE,
        issuer,
        audience,
        requiredClaims: REQUIRED,
        clockTolerance: leewaySeconds,
        currentDate: new Date(clock()),
      });
      claims = verified.payload;
    } catch (error) {
      return refused(refusalOf(error));
    }
    const { sub: subject, jti: id, exp, room } = claims;
    if (typeof subject !== "string" || typeof id !== "string") return refused("INVALID");
    if (typeof room !== "string" || !rooms.includes(room)) return refused("OTHER_ROOM");
    const expiresAtMs = exp! * 1000;
    const isNew = await replays?.use(id, expiresAtMs + leewaySeconds * 1000) ?? true;
    if (!isNew) return refused("REPLAYED");
    return { ok: true, admission: { subject, room, audience, issuer, id, expiresAtMs } };
  };
}

const isName = (value: unknown) => typeof value === "string" && value.trim() !== "";
const isDuration = (value: unknown) => Number.isFinite(value) && value as number >= 0;

function requireOption(name: keyof AdmissionCheckOptions, isValid: boolean): void {
  if (!isValid) throw new TypeError(`createAdmissionCheck: \`${name}\` is missing or not valid`);
}

function refused(refusal: AdmissionRefusal): AdmissionResult {
  return { ok: false, refusal };
}

/** Faults of the token; all others are those of the keys or of the network. */
const TOKEN_FAULTS = [
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSMultipleMatchingKeys,
  errors.JWKSNoMatchingKey,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JWTClaimValidationFailed,
  errors.JWTInvalid,
];

function refusalOf(error: unknown): AdmissionRefusal {
  if (error instanceof errors.JWTExpired) return "EXPIRED";
  if (TOKEN_FAULTS.some((fault) => error instanceof fault)) return "INVALID";
  throw new AdmissionKeysError(error);
}

/**
 * A replay store for a server of one process. It keeps at most `maxIds` and then forgets those whose
 * time is over. If all are alive, it refuses: an admission that cannot be remembered may not enter.
 */
export function memoryReplayStore(
  { maxIds = 100_000, clock = Date.now }: { maxIds?: number; clock?: () => number } = {},
): ReplayStore {
  const ends = new Map<string, number>();

  function forgetExpired(): void {
    const nowMs = clock();
    for (const [id, untilMs] of ends) if (untilMs <= nowMs) ends.delete(id);
  }

  return {
    use(id, untilMs) {
      if (ends.has(id)) return false;
      if (ends.size >= maxIds) forgetExpired();
      if (ends.size >= maxIds) return false;
      ends.set(id, untilMs);
      return true;
    },
  };
}

/**
 * The answer to a request without a valid admission, or while none can be checked: a problem
 * document (RFC 9457).
 */
export interface AdmissionProblem {
  readonly status: 401 | 403 | 503;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The status, the code and the title of each refusal. */
const PROBLEMS: { readonly [Refusal in AdmissionRefusal]: readonly [401 | 403, string, string] } = {
  MISSING: [401, "ADMISSION_MISSING", "An admission is required"],
  INVALID: [401, "ADMISSION_INVALID", "The admission is not valid here"],
  EXPIRED: [401, "ADMISSION_EXPIRED", "The admission has expired"],
  OTHER_ROOM: [403, "ADMISSION_OTHER_ROOM", "The admission is for another room"],
  REPLAYED: [403, "ADMISSION_REPLAYED", "The admission was used before"],
};

export function admissionProblem(refusal: AdmissionRefusal): AdmissionProblem {
  const [status, code, title] = PROBLEMS[refusal];
  return {
    status,
    headers: {
      "Content-Type": "application/problem+json",
      "Cache-Control": "no-store",
      ...(status === 401 ? { "WWW-Authenticate": "Admission" } : {}),
    },
    body: JSON.stringify({ title, status, code }),
  };
}

/** The header of a request that carries the admission. It is never in an address. */
export const ADMISSION_HEADER = "admission";
