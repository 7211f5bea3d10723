import { createPublicKey } from 'node:crypto';
import { type PublicJwk, PublicJwkSchema } from '@styleflow/contracts';
import { z } from 'zod';
import { fingerprintOf, thumbprint } from '../keys/public-key.js';
import type { TimeStampRoot } from '../time-stamps/time-stamp-root.js';

/** Keys that whoever verifies trusts, by what he was given on a way of his own. */
export interface TrustedKeys {
  readonly keys: readonly PublicJwk[];
  readonly fingerprints: readonly string[];
  /** Roots of servers for time stamps; without one nothing is said of who stamped. */
  readonly timeStampRoots?: readonly TimeStampRoot[];
}

export const NO_TRUST: TrustedKeys = { keys: [], fingerprints: [] };

export const isTrusting = ({ keys, fingerprints }: TrustedKeys): boolean => keys.length + fingerprints.length > 0;

const LooseJwkSchema = PublicJwkSchema.partial({ kid: true, alg: true, use: true });

/**
 * Public keys from a file: PEM, a JWK, or a JWK Set. Private parts are refused: whoever checks should not have them.
 * @throws RangeError
 */
export function readPublicKeys(text: string): PublicJwk[] {
  if (text.includes('PRIVATE KEY') || /"d"\s*:/.test(text)) {
    throw new RangeError('it holds a private key; checking takes the public one alone');
  }
  if (text.includes('-----BEGIN')) {
    const blocks = text.match(/-----BEGIN PUBLIC KEY-----[\s\S]+?-----END PUBLIC KEY-----/g) ?? [];
    if (blocks.length === 0) throw new RangeError('it holds no public key in PEM');
    return blocks.map(ofPem);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new RangeError('allowed: an Ed25519 public key as PEM, as JWK or as JWK Set');
  }
  const parsed = z.union([z.object({ keys: z.array(LooseJwkSchema).min(1) }), LooseJwkSchema]).safeParse(json);
  if (!parsed.success) throw new RangeError('allowed: an Ed25519 public key as PEM, as JWK or as JWK Set');
  const keys = 'keys' in parsed.data ? parsed.data.keys : [parsed.data];
  return keys.map((key) => ({ ...key, kid: key.kid ?? thumbprint(key.x), alg: 'EdDSA', use: 'sig' }));
}

function ofPem(block: string): PublicJwk {
  try {
    const { crv, x } = createPublicKey(block).export({ format: 'jwk' });
    return PublicJwkSchema.parse({ kty: 'OKP', crv, x, kid: thumbprint(String(x)), alg: 'EdDSA', use: 'sig' });
  } catch {
    throw new RangeError('it is no Ed25519 public key');
  }
}

/**
 * A fingerprint as people write it: 64 hex digits, in groups or not.
 * @throws RangeError
 */
export function readFingerprint(text: string): string {
  const hex = text.replace(/[\s:]/g, '').toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new RangeError('a fingerprint has 64 hex digits (SHA-256 of the key as DER)');
  return hex;
}

export function isTrustedKey(key: PublicJwk, { keys, fingerprints }: TrustedKeys): boolean {
  return keys.some(({ x }) => x === key.x) || fingerprints.includes(fingerprintOf(key));
}
