import {
  type Admission,
  ADMISSION_HEADER,
  type AdmissionCheckOptions,
  AdmissionKeysError,
  type AdmissionProblem,
  admissionProblem,
  createAdmissionCheck,
} from "./admission.ts";

declare global {
  /** The types of Express take from here what middleware adds to a request. */
  namespace Express {
    interface Request {
      /** What the admission proves. There is none before `admissionMiddleware`. */
      admission?: Admission;
    }
  }
}

/** The part of a request of Express, Connect or Node that is read, and what is added to it. */
export interface AdmissionRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  admission?: Admission;
}

/** The part of a response of Express, Connect or Node that is used. */
export interface AdmissionResponse {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(body: string): unknown;
}

export type AdmissionHandler = (
  request: AdmissionRequest,
  response: AdmissionResponse,
  next: (error?: unknown) => void,
) => Promise<void>;

/**
 * Lets in requests whose header `Admission` is a valid one, which is then `request.admission`. All
 * others get a problem document. If the keys cannot be fetched, it is one with 503 and
 * `Retry-After`. Any other error, such as one of the replay store, goes to `next`.
 */
export function admissionMiddleware(options: AdmissionCheckOptions): AdmissionHandler {
  const check = createAdmissionCheck(options);

  return async (request, response, next) => {
    try {
      const given = request.headers[ADMISSION_HEADER];
      const result = await check(typeof given === "string" ? given : null);
      if (!result.ok) return refuse(response, admissionProblem(result.refusal));
      request.admission = result.admission;
    } catch (error) {
      if (error instanceof AdmissionKeysError) return refuse(response, error.problem);
      return next(error);
    }
    next();
  };
}

function refuse(
  response: AdmissionResponse,
  { status, headers, body }: AdmissionProblem,
): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.end(body);
}
