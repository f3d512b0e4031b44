import type { SigningKeys } from "../../ports/signing_keys.ts";
import { answer, endpoint } from "../pipeline/endpoint.ts";
import { publicKeysExample, publicKeysSchema } from "../schemas/ticket.ts";

/** Short, so that a key that is no longer trusted disappears soon. */
const CACHE_SECONDS = 300;

/** The keys by which others verify what this service signed. */
export function signingKeyRoutes(
  { signingKeys }: { signingKeys: Pick<SigningKeys, "publicKeys"> },
) {
  return [
    endpoint({
      name: "getPublicKeys",
      method: "get",
      path: "/.well-known/jwks.json",
      tag: "Tickets",
      summary: "The public keys of tickets and admissions",
      description: "A JSON Web Key Set (RFC 7517). With it a door verifies codes without the " +
        "network; it then sees neither refunds nor second entries. Other servers verify admissions " +
        "with it.",
      needs: "nobody",
      asksStores: false,
      cacheSeconds: CACHE_SECONDS,
      answers: {
        200: {
          description: "All keys, also those that no longer sign",
          schema: publicKeysSchema,
          example: publicKeysExample,
        },
      },
      failures: [],
      act: () => Promise.resolve(answer(200, { keys: signingKeys.publicKeys })),
    }),
  ];
}
