import { z } from "@hono/zod-openapi";
import type { FanId } from "../domain/ids.ts";
import { answer, endpoint } from "../http/pipeline/endpoint.ts";
import { fanIdSchema } from "../http/schemas/common.ts";

/** Signs a user token for anybody who asks. */
export type SignIn = (fan: FanId) => Promise<string>;

/** The stand-in for an identity provider in the local run. It exists nowhere else. */
export function devRoutes({ signIn }: { signIn: SignIn }) {
  return [
    endpoint({
      name: "signIn",
      method: "post",
      path: "/dev/sign-in",
      tag: "Local run",
      summary: "Sign in as anybody",
      description: "Only in the local run.",
      needs: "nobody",
      body: z.strictObject({ userId: fanIdSchema }).openapi("SignIn"),
      bodyExample: { userId: "alice" },
      asksStores: false,
      answers: {
        200: {
          description: "Signed in",
          schema: z.object({ accessToken: z.string() }).openapi("SignedIn"),
          example: { accessToken: "eyJhbGciOiJIUzI1NiJ9…" },
        },
      },
      failures: [],
      act: async ({ body }) => answer(200, { accessToken: await signIn(body.userId) }),
    }),
  ];
}
