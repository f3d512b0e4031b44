import { z } from "@hono/zod-openapi";
import type { AdmissionService } from "../../application/admission_service.ts";
import { MAX_AUDIENCE_LENGTH } from "../../domain/admission.ts";
import { answer, endpoint } from "../pipeline/endpoint.ts";
import { timeSchema } from "../schemas/common.ts";

const AUDIENCE_MESSAGE = `must be text of 1 to ${MAX_AUDIENCE_LENGTH} characters`;

const newAdmissionSchema = z.strictObject({
  audience: z.string(AUDIENCE_MESSAGE).min(1).max(MAX_AUDIENCE_LENGTH).optional().openapi({
    description: "The server that the admission is for: one of `ADMISSION_AUDIENCES` of this " +
      "deployment. By default the first of them.",
    example: "https://shop.example.com",
  }),
}).openapi("NewAdmission");

const admissionSchema = z.object({
  admission: z.string().openapi({
    description: "A JWT of type `admission+jwt`, signed with EdDSA by a key of " +
      "`GET /.well-known/jwks.json`. Its claims are `iss`, `aud`, `sub`, `room`, `iat`, `exp` " +
      "and `jti`.",
    example: "eyJhbGciOiJFZERTQSIsInR5cCI6ImFkbWlzc2lvbitqd3QiLCJraWQiOi…",
  }),
  expiresAt: timeSchema.openapi({
    description: "The `exp` of the admission: in five minutes, or when the fan's admission ends " +
      "if that is sooner.",
  }),
}).openapi("Admission");

/** Admissions for other servers. */
export function admissionRoutes({ admissions }: { admissions: AdmissionService }) {
  return [
    endpoint({
      name: "issueAdmission",
      method: "post",
      path: "/v1/queue/admissions",
      tag: "Line",
      summary: "Prove the admission to another server",
      description:
        "Answers a signed admission for one audience. That server checks it with the public keys " +
        "alone. An audience that the deployment does not name is VALIDATION_FAILED, and so is " +
        "every request where it names none. A payment, or leaving, ends the place in the queue; " +
        "an admission that was issued before stays valid until its `exp`.",
      needs: "admitted",
      body: newAdmissionSchema,
      bodyExample: {},
      bodyIsOptional: true,
      asksStores: true,
      answers: {
        201: {
          description: "The admission",
          schema: admissionSchema,
          example: {
            admission: "eyJhbGciOiJFZERTQSIsInR5cCI6ImFkbWlzc2lvbitqd3QiLCJraWQiOi…",
            expiresAt: "2026-12-01T10:05:00.000Z",
          },
          location: () => "/v1/queue/tokens/me",
        },
      },
      failures: ["VALIDATION_FAILED"],
      act: async ({ caller, body: { audience } }) => {
        const issued = await admissions.issue(caller.token, audience);
        return issued.ok ? answer(201, issued.value) : issued;
      },
    }),
  ];
}
