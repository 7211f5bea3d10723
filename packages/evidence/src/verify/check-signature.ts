import type { PublicJwk } from '@styleflow/contracts';
import { fingerprintOf, keyOfJwk } from '../keys/public-key.js';
import { readSignature, type SignatureHeader, type SignedType, verifyDetached } from '../signatures/detached-jws.js';
import { isTrustedKey, isTrusting, type TrustedKeys } from './trust.js';

export interface Signer {
  readonly kid: string;
  /** SHA-256 of the public key as DER. */
  readonly fingerprint: string;
  /** As the signer claims it. */
  readonly signedAt: string;
  readonly isTrusted: boolean;
}

export interface CheckedSignature {
  readonly signer: Signer | null;
  /** Why the signature does not count; null when it holds. */
  readonly fault: string | null;
}

export interface SignedBytes {
  readonly signature: string;
  readonly bytes: Uint8Array;
  readonly type: SignedType;
  /** Keys that lie beside it: whoever made it has put them there. */
  readonly enclosed: readonly PublicJwk[];
  readonly trust: TrustedKeys;
}

/** Whether bytes are what was signed, and by whom. A trusted key counts before an enclosed one of the same name. */
export async function checkSignature({
  signature,
  bytes,
  type,
  enclosed,
  trust,
}: SignedBytes): Promise<CheckedSignature> {
  let header: SignatureHeader;
  try {
    header = readSignature(signature).header;
  } catch (error) {
    return failed(error instanceof RangeError ? error.message : 'it cannot be read');
  }
  if (header.typ !== type) return failed('it signs something of another kind');
  // A key that came as PEM has no name of the system's, so its own are all tried.
  const candidates = [...trust.keys, ...enclosed.filter(({ kid }) => kid === header.kid)];
  if (candidates.length === 0) {
    return failed(`there is no key ${header.kid} to check it with: give one with --key or --jwks`);
  }
  for (const key of candidates) {
    if (!(await verifyDetached(signature, bytes, keyOfJwk(key)))) continue;
    const isTrusted = isTrustedKey(key, trust);
    const signer = signerOf(header, key, isTrusted);
    if (isTrusting(trust) && !isTrusted) {
      return { signer, fault: `it holds, but by the enclosed key ${header.kid}, which is none that you trust` };
    }
    return { signer, fault: outsideOfDates(header, key) };
  }
  return failed('the signature does not hold: what it signs was changed, or another key signed it');
}

const failed = (fault: string): CheckedSignature => ({ signer: null, fault });

function signerOf({ kid, iat }: SignatureHeader, key: PublicJwk, isTrusted: boolean): Signer {
  return { kid, fingerprint: fingerprintOf(key), signedAt: new Date(iat * 1000).toISOString(), isTrusted };
}

/** Clocks of signer and of whoever made the key may differ so much. */
const SKEW_SECONDS = 60;

function outsideOfDates({ iat, kid }: SignatureHeader, key: PublicJwk): string | null {
  const { iat: from = 0, exp: until = Number.POSITIVE_INFINITY } = key;
  if (iat >= from - SKEW_SECONDS && iat <= until + SKEW_SECONDS) return null;
  return `the key ${kid} was not to sign at ${new Date(iat * 1000).toISOString()}, by its dates`;
}
