import type { Signer } from './check-signature.js';

/** Something that is not as it should be, by the name of the file or entry that it concerns. */
export interface Fault {
  readonly name: string;
  readonly says: string;
}

/**
 * `trusted`: unchanged since a key signed it that is trusted. `unverified`: unchanged since it was signed; whose the key is, nobody
 * has said. `unsigned`: nothing tells whether it was changed. `refused`: something does not hold.
 */
export type VerificationStatus = 'trusted' | 'unverified' | 'unsigned' | 'refused';

export interface Verification {
  readonly kind: 'result' | 'package';
  readonly status: VerificationStatus;
  readonly job: string | null;
  readonly faults: readonly Fault[];
  readonly signer: Signer | null;
  /** By a time stamp server; without one the time is as claimed by the signer. */
  readonly timeStamp: {
    readonly at: string;
    readonly by: string;
    /** Whether its signer leads to a root that is trusted; false where none was given. */
    readonly isTrusted: boolean;
  } | null;
  readonly custody: { readonly entries: number; readonly head: string } | null;
  /** Names of what was checked. */
  readonly checked: readonly string[];
  /** The result, when it can be read. */
  readonly result: string | null;
}

/** The status that follows from what was found. */
export function statusOf(faults: readonly Fault[], signers: readonly (Signer | null)[]): VerificationStatus {
  if (faults.length > 0) return 'refused';
  if (signers.some((signer) => signer === null)) return 'unsigned';
  return signers.every((signer) => signer?.isTrusted) ? 'trusted' : 'unverified';
}
