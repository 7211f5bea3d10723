import { createPublicKey, type KeyObject } from 'node:crypto';
import type { PublicJwk } from '@styleflow/contracts';
import { canonicalJson } from '../canonical/canonical-json.js';
import { sha256 } from '../canonical/digest.js';

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
