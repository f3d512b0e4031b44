import type { MiddlewareHandler } from "hono";
import {
  type Admission,
  ADMISSION_HEADER,
  type AdmissionCheckOptions,
  admissionProblem,
  createAdmissionCheck,
} from "./admission.ts";

export interface AdmissionEnv {
  Variables: { readonly admission: Admission };
}

/**
 * Lets in requests whose header `Admission` is a valid one, which is then `c.get("admission")`. All
 * others get a problem document. If the keys cannot be fetched, the answer is 503.
 */
export function admissionMiddleware(
  options: AdmissionCheckOptions,
): MiddlewareHandler<AdmissionEnv> {
  const check = createAdmissionCheck(options);
  return async (c, next) => {
    const result = await check(c.req.header(ADMISSION_HEADER));
    if (!result.ok) {
      const { body, status, headers } = admissionProblem(result.refusal);
      return c.body(body, status, headers);
    }
    c.set("admission", result.admission);
    await next();
  };
}
