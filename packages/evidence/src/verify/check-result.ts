import type { PublicJwk } from '@styleflow/contracts';
import { JobIdSchema } from '@styleflow/contracts';
import { z } from 'zod';
import { readTimeStamp } from '../time-stamps/time-stamp.js';
import { checkSignature, type Signer } from './check-signature.js';
import type { TrustedKeys } from './trust.js';
import type { Fault, Verification } from './verification.js';

export interface ResultFiles {
  readonly result: Buffer;
  readonly signature: string | null;
  readonly timeStamp: Buffer | null;
  readonly enclosed: readonly PublicJwk[];
  readonly trust: TrustedKeys;
  readonly names: { readonly result: string; readonly signature: string; readonly timeStamp: string };
}

export interface CheckedResult {
  readonly job: string | null;
  readonly faults: readonly Fault[];
  readonly signer: Signer | null;
  readonly timeStamp: Verification['timeStamp'];
}

const NamedJobSchema = z.object({ job: JobIdSchema });

/** A result with what belongs to it: its signature, and the stamp over that signature. */
export async function checkResult(files: ResultFiles): Promise<CheckedResult> {
  const { names, result, signature, timeStamp, enclosed, trust } = files;
  const faults: Fault[] = [];
  let job: string | null = null;
  try {
    job = NamedJobSchema.parse(JSON.parse(result.toString('utf8'))).job;
  } catch {
    faults.push({ name: names.result, says: 'it is no result of an analysis' });
  }
  if (signature === null) {
    if (timeStamp !== null) faults.push({ name: names.timeStamp, says: 'there is no signature that it could stamp' });
    return { job, faults, signer: null, timeStamp: null };
  }
  const checked = await checkSignature({ signature, bytes: result, type: 'styleflow-result', enclosed, trust });
  if (checked.fault !== null) faults.push({ name: names.signature, says: checked.fault });
  if (timeStamp === null) {
    // Whoever names roots of time stamps counts on there being one.
    if (trust.timeStampRoots !== undefined) faults.push({ name: names.timeStamp, says: 'there is no time stamp' });
    return { job, faults, signer: checked.signer, timeStamp: null };
  }
  try {
    const { at, by, isTrusted } = await readTimeStamp(timeStamp, signature, undefined, trust.timeStampRoots);
    return { job, faults, signer: checked.signer, timeStamp: { at: at.toISOString(), by, isTrusted } };
  } catch (error) {
    faults.push({ name: names.timeStamp, says: error instanceof RangeError ? error.message : 'it cannot be read' });
    return { job, faults, signer: checked.signer, timeStamp: null };
  }
}
