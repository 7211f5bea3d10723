import { createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../canonical/canonical-json.js';
import { sha256 } from '../canonical/digest.js';

const Base64UrlSchema = z.string().regex(/^[\w-]{43}$/, '32 bytes in base64url');
/** Seconds since 1970. */
const SecondsSchema = z.int().min(0);

/** A public Ed25519 key as a JSON Web Key (RFC 8037), with its name and the dates between which it signs. */
export const PublicJwkSchema = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: Base64UrlSchema.describe('The key, 32 bytes in base64url.'),
  kid: z.string().min(1).max(128),
  alg: z.literal('EdDSA'),
  use: z.literal('sig'),
  iat: SecondsSchema.optional().describe('It signs from then on, in seconds since 1970.'),
  exp: SecondsSchema.optional().describe('It signs until then; what it had signed by then stays valid.'),
});
export type PublicJwk = z.infer<typeof PublicJwkSchema>;

/** A set of public keys (RFC 7517): those that sign, and retired ones. */
export const PublicJwksSchema = z.object({ keys: z.array(PublicJwkSchema) });
export type PublicJwks = z.infer<typeof PublicJwksSchema>;

/** The digest of a public key after RFC 7638, in base64url: its name where it was given none. */
export function thumbprint(x: string): string {
  return Buffer.from(sha256(canonicalJson({ crv: 'Ed25519', kty: 'OKP', x })), 'hex').toString('base64url');
}

/** The key of a JSON Web Key. */
export function keyOfJwk({ x }: Pick<PublicJwk, 'x'>): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

/** SHA-256 of the key as DER, in hex: `openssl pkey -pubin -in key.pem -outform DER | sha256sum` gives the same. */
export function fingerprintOf(key: Pick<PublicJwk, 'x'>): string {
  return sha256(keyOfJwk(key).export({ format: 'der', type: 'spki' }));
}
