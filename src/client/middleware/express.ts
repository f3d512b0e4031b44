import {
  type Admission,
  ADMISSION_HEADER,
  type AdmissionCheckOptions,
  admissionProblem,
  createAdmissionCheck,
} from "./admission.ts";

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
 * others get a problem document. If the keys cannot be fetched, the error goes to `next`, and
 * Express answers 503.
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
      return next(error);
    }
    next();
  };
}

function refuse(
  response: AdmissionResponse,
  { status, headers, body }: ReturnType<typeof admissionProblem>,
): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.end(body);
}
