import { z } from "@hono/zod-openapi";
import { isLoopbackHost } from "../domain/loopback.ts";
import { answer, endpoint } from "../http/pipeline/endpoint.ts";
import { fanIdSchema } from "../http/schemas/common.ts";
import type { SignIn } from "./sign_in.ts";

/** Replaces an identity provider in the local run. No other run has this route. */
export function localRunRoutes({ signIn }: { signIn: SignIn }) {
  return [
    endpoint({
      name: "signIn",
      method: "post",
      path: "/dev/sign-in",
      tag: "Local run",
      summary: "Sign in as any fan",
      description: "Only in the local run, and only at the names of loopback.",
      needs: "nobody",
      // A page of another site can reach this machine under a name of its own (DNS rebinding).
      forbidden: ({ url }) =>
        isLoopbackHost(URL.parse(url)?.hostname ?? "") ? null : "NOT_LOOPBACK",
      body: z.strictObject({ userId: fanIdSchema }).openapi("SignIn", {
        description: "The fan to sign in as.",
      }),
      bodyExample: { userId: "alice" },
      asksStores: false,
      answers: {
        200: {
          description: "Signed in",
          schema: z.object({
            accessToken: z.string().openapi({ description: "The user token of the fan." }),
          }).openapi("SignedIn", { description: "Signed in." }),
          example: { accessToken: "eyJhbGciOiJIUzI1NiJ9…" },
        },
      },
      failures: [],
      act: async ({ body }) => answer(200, { accessToken: await signIn(body.userId) }),
    }),
  ];
}
