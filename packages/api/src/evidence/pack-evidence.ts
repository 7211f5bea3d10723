import { Readable } from 'node:stream';
import { JobError } from '@styleflow/contracts';
import {
  canonicalJson,
  ENTRY_NAMES,
  fingerprintOf,
  readCustody,
  readmeText,
  readSignature,
  readTimeStamp,
  signDetached,
  stripEntry,
  writePackage,
  type ZipEntry,
} from '@styleflow/evidence';
import { type JobRecord, judgesOf } from '@styleflow/queue';
import { reportKey, resultKey, sourceKey, stripsPrefix } from '@styleflow/storage';
import type { ApiPorts } from '../ports/api-ports.js';
import { noteCustody } from './custody.js';
import { type ResultSignature, signatureOf } from './sign-result.js';

export interface PackOrder {
  /** The name of the caller's key. */
  readonly by: string;
  readonly withVideo: boolean;
  readonly signal: AbortSignal;
}

type PackPorts = Pick<ApiPorts, 'store' | 'settings' | 'clock' | 'logger' | 'custodyLogs'>;

/**
 * Everything that proves a job's result, as a stream of one archive. The access stands in the custody log before its first byte.
 * @throws JobError `gone` when the result, or the video that was asked for, is not kept any more
 */
export async function packEvidence(ports: PackPorts, record: JobRecord, order: PackOrder): Promise<Readable> {
  const { store, settings, clock } = ports;
  const { id: job, run } = record;
  const { signal, withVideo } = order;
  if ((await store.head(resultKey(job))) === null) throw new JobError('gone', 'The retention of this result is over.');
  if (withVideo && (await store.head(sourceKey(job))) === null) {
    throw new JobError(
      'gone',
      'The video is not kept: options.keepSource keeps it, until the retention of media is over.',
    );
  }
  const signature = await signatureOf(ports, record);
  const at = await clock.now();
  const lines = await noteCustody(ports, record, {
    ...{ at, event: 'evidence_read', by: order.by },
    facts: { video: withVideo },
  });
  const createdAt = new Date(at);
  const stored = (name: string, key: string): ZipEntry => ({ name, open: () => openStored(ports, key, signal) });
  const text = (name: string, content: string | Buffer): ZipEntry => ({
    name,
    open: () => Readable.from([Buffer.from(content)]),
  });
  const keys = settings.signingKeys?.published ?? [];
  const readme = await describe(record, signature, { createdAt, keys, withVideo });
  const entries: ZipEntry[] = [
    text(ENTRY_NAMES.readme, readme),
    stored(ENTRY_NAMES.result, resultKey(job)),
    ...(signature ? [text(ENTRY_NAMES.signature, signature.jws)] : []),
    ...(signature?.timeStamp ? [text(ENTRY_NAMES.timeStamp, signature.timeStamp)] : []),
    ...((await store.head(reportKey(job))) === null ? [] : [stored(ENTRY_NAMES.report, reportKey(job))]),
    text(ENTRY_NAMES.custody, lines.map((line) => `${line}\n`).join('')),
    ...(keys.length > 0 ? [text(ENTRY_NAMES.keys, canonicalJson({ keys }))] : []),
  ];
  for await (const { key } of store.list(stripsPrefix(job, run))) {
    const [, track, clip] = /\/(\d+)\.(\d+)\.png$/.exec(key) ?? [];
    if (track !== undefined) entries.push(stored(stripEntry(Number(track), Number(clip)), key));
  }
  if (withVideo) entries.push(stored(ENTRY_NAMES.video, sourceKey(job)));
  const signer = settings.signingKeys?.signer;
  return writePackage({
    ...{ job, createdAt, entries, custody: { entries: lines.length, head: readCustody(job, lines).head } },
    sign: signer
      ? (manifest) => signDetached(manifest, { ...signer, type: 'styleflow-manifest', at: createdAt })
      : null,
  });
}

async function openStored({ store }: PackPorts, key: string, signal: AbortSignal): Promise<Readable> {
  const found = await store.getStream(key, signal);
  if (found === null) throw new JobError('gone', `${key} was deleted while it was packed.`);
  return found.stream;
}

async function describe(
  record: JobRecord,
  signature: ResultSignature | null,
  {
    createdAt,
    keys,
    withVideo,
  }: { createdAt: Date; keys: readonly Parameters<typeof namedKey>[0][]; withVideo: boolean },
): Promise<string> {
  const header = signature === null ? null : readSignature(signature.jws).header;
  const key = keys.find(({ kid }) => kid === header?.kid);
  const stamp = signature?.timeStamp ? await readTimeStamp(signature.timeStamp, signature.jws) : null;
  const { id: job, verdict } = record;
  const { score, threshold, label, reason } = verdict ?? {};
  const numbers = score === null || score === undefined ? '' : `, score ${score.toFixed(3)}, threshold ${threshold}`;
  const isTrained = judgesOf(record).some((judge) => !judge.isLeftOut && judge.bundle.trained);
  return readmeText({
    ...{ job, createdAt, stamp, hasVideo: withVideo, isTrained },
    verdict: `${label ?? 'none'}${reason === undefined ? '' : ` (${reason})`}${numbers}`,
    signer: header && key ? { ...namedKey(key), signedAt: new Date(header.iat * 1000) } : null,
  });
}

function namedKey(key: Parameters<typeof fingerprintOf>[0] & { readonly kid: string }) {
  return { kid: key.kid, fingerprint: fingerprintOf(key) };
}
