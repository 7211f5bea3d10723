import { JobError } from '@styleflow/contracts';
import { readSignature, sha256, signDetached } from '@styleflow/evidence';
import type { JobRecord } from '@styleflow/queue';
import { readSealedJson, resultKey, sealJson, signatureKey } from '@styleflow/storage';
import { z } from 'zod';
import type { ApiPorts } from '../ports/api-ports.js';
import { noteCustody } from './custody.js';
import { stampSignature } from './stamp-signature.js';

/** A signature is made over the whole at once. Results of the longest videos are a fifth of it. */
const SIGNED_BYTES_MAX = 512 * 2 ** 20;

const StoredSignatureSchema = z.object({ v: z.literal(1), jws: z.string(), timeStamp: z.base64().nullable() });

export interface ResultSignature {
  readonly jws: string;
  /** RFC 3161, DER; null: the time is as claimed by the signer. */
  readonly timeStamp: Buffer | null;
}

type SigningPorts = Pick<ApiPorts, 'store' | 'settings' | 'clock' | 'logger' | 'custodyLogs'>;

/**
 * The signature of a job's result: made once, when it is first asked for, and kept beside it. Only what the analysis itself wrote is
 * signed: its digest stands in the job's record since then. Null where this system signs nothing.
 * @throws JobError `gone` when the result is gone, or is not what was written.
 */
export async function signatureOf(ports: SigningPorts, record: JobRecord): Promise<ResultSignature | null> {
  const { store, settings } = ports;
  const kept = await readSealedJson(store, signatureKey(record.id), (value) => StoredSignatureSchema.parse(value));
  if (kept !== null) {
    const timeStamp = kept.timeStamp === null ? null : Buffer.from(kept.timeStamp, 'base64');
    if (timeStamp !== null || settings.timeStampUrl === null) return { jws: kept.jws, timeStamp };
    return keep(ports, record, kept.jws);
  }
  if (settings.signingKeys === null) return null;
  const jws = await sign(ports, record, settings.signingKeys.signer);
  const signature = await keep(ports, record, jws);
  const { kid, iat } = readSignature(jws).header;
  const at = Math.max(iat * 1000, Date.parse(record.finishedAt ?? record.createdAt));
  await noteCustody(ports, record, { at, event: 'signed', by: null, facts: { kid } });
  return signature;
}

async function sign(
  { store, clock }: SigningPorts,
  { id, resultSha256 }: JobRecord,
  signer: { readonly kid: string; readonly key: Parameters<typeof signDetached>[1]['key'] },
): Promise<string> {
  const facts = await store.head(resultKey(id));
  if (facts !== null && facts.bytes > SIGNED_BYTES_MAX) {
    throw new JobError('conflict', `The result has ${facts.bytes} bytes; at most ${SIGNED_BYTES_MAX} are signed.`);
  }
  const bytes = facts === null ? null : await store.get(resultKey(id));
  if (bytes === null) throw new JobError('gone', 'The retention of this result is over.');
  if (resultSha256 !== undefined && sha256(bytes) !== resultSha256) {
    throw new JobError('gone', 'The stored result is not what the analysis wrote. It is not signed.');
  }
  return signDetached(bytes, { ...signer, type: 'styleflow-result', at: new Date(await clock.now()) });
}

/** Signature and stamp are one object, so that no stamp can come to another's signature. */
async function keep(ports: SigningPorts, { id }: JobRecord, jws: string): Promise<ResultSignature> {
  const timeStamp = await stampSignature(ports, jws);
  const whole: z.infer<typeof StoredSignatureSchema> = {
    v: 1,
    jws,
    timeStamp: timeStamp?.toString('base64') ?? null,
  };
  await ports.store.put(signatureKey(id), sealJson(whole), 'application/json');
  return { jws, timeStamp };
}
