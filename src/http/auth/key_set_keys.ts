import { createLocalJWKSet, errors, type JWTVerifyGetKey } from "jose";
import type { KeySet } from "../../application/key_set.ts";
import type { RequestContext } from "../../application/request_context.ts";
import { DependencyError } from "../../domain/failures.ts";
import type { KeySetDocument } from "../../domain/key_set.ts";

/** The key of a token, for one request. */
export type KeyOfToken = (context: RequestContext) => JWTVerifyGetKey;

const TOKEN_FAULTS = [
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
  errors.JOSENotSupported,
];

/** Keys out of the key set. Throws `DependencyError` when there is no key set, or a bad one. */
export function createKeySetKeys(keySet: KeySet): KeyOfToken {
  let imported: { document: KeySetDocument; keys: JWTVerifyGetKey } | null = null;

  /** The keys of a document, imported once. */
  function keysOf(document: KeySetDocument): JWTVerifyGetKey {
    if (imported?.document !== document) {
      imported = { document, keys: createLocalJWKSet(document as never) };
    }
    return imported.keys;
  }

  const keyIn = async (document: KeySetDocument, ...token: Parameters<JWTVerifyGetKey>) => {
    try {
      return await keysOf(document)(...token);
    } catch (error) {
      // A key that the set does not have is the token's fault; anything else is the set's.
      const isOfTheToken = TOKEN_FAULTS.some((fault) => error instanceof fault);
      throw isOfTheToken ? error : new DependencyError("jwks", error);
    }
  };

  return (context) => async (...token) => {
    const document = await keySet.latest(context);
    try {
      return await keyIn(document, ...token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      const later = await keySet.laterThan(context, document);
      if (!later) throw error;
      return await keyIn(later, ...token);
    }
  };
}
