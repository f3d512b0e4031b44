/** The Ed25519 keys of this service. The first key signs, and all keys verify. */
export interface SigningKeys {
  /** The id of the key that signs. */
  readonly keyId: string;
  /** The signature, in base64url. The same text always gets the same signature. */
  sign(text: string): string;
  /** Whether the key with this id made this signature of the text. */
  verify(keyId: string, text: string, signature: string): boolean;
  readonly publicKeys: readonly PublicKey[];
}

/** A JSON Web Key (RFC 7517, RFC 8037). */
export interface PublicKey {
  readonly kty: "OKP";
  readonly crv: "Ed25519";
  readonly x: string;
  readonly kid: string;
  readonly alg: "EdDSA";
  readonly use: "sig";
}
