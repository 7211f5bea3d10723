import { Readable } from 'node:stream';
import {
  inheritedOptions,
  itemRules,
  judgeEarlier,
  judgeManifest,
  judgeUploads,
  type ManifestItem,
  wantedOptions,
} from '@styleflow/batches';
import {
  type DryRun,
  type Estimate,
  JobError,
  type JobOptions,
  MAX_DIRECT_MANIFEST_BYTES,
  MAX_LISTED_FAULTS,
  type ManifestFault,
  variantsOf,
} from '@styleflow/contracts';
import { uploadKey } from '@styleflow/storage';
import type { ApiPorts } from '../ports/api-ports.js';
import type { WantedBatch } from './receive-manifest.js';

/** Uploads and earlier jobs asked for together. */
const PAGE = 500;
const FRAMES_PER_CLIP = 32;
/** Of a whole video: the default length of a head of it, and a feature film at 25 frames a second. */
const WHOLE_VIDEO_CLIPS = { from: 3, to: 4_000 };

/** Judges a manifest as a batch would, holding a row at a time, and creates nothing. */
export async function dryRun(
  ports: ApiPorts,
  wanted: WantedBatch,
  owner: string,
  signal: AbortSignal,
): Promise<DryRun> {
  const rules = await itemRules(ports.announcements, ports.settings, ports.vault);
  const listed: ManifestFault[] = [];
  const clips = { from: 0, to: 0 };
  let count = 0;
  let items = 0;
  let isReadable = true;
  let named: ManifestItem[] = [];

  const note = (faults: readonly ManifestFault[]): void => {
    count += faults.length;
    listed.push(...faults.slice(0, Math.max(0, MAX_LISTED_FAULTS - listed.length)));
  };
  const optionsOf = (item: ManifestItem, earlier?: JobOptions): JobOptions =>
    wantedOptions(wanted, item, earlier && inheritedOptions(earlier));
  const take = (options: JobOptions): void => {
    items += 1;
    const ofItem = clipsOf(options);
    clips.from += ofItem.from;
    clips.to += ofItem.to;
  };
  async function settle(): Promise<void> {
    const [uploads, earlier] = await Promise.all([
      judgeUploads(ports, owner, named),
      judgeEarlier({ ...ports, sourceRules: ports.settings }, owner, named, optionsOf),
    ]);
    for (const [at, item] of named.entries()) {
      const fault = uploads[at] ?? earlier[at]?.fault ?? null;
      if (fault === null) take(earlier[at]?.options ?? optionsOf(item));
      else note([fault]);
    }
    named = [];
  }

  for await (const row of judgeManifest(await openManifest(ports, wanted, owner, signal), wanted.form, rules)) {
    signal.throwIfAborted();
    note(row.faults);
    if (row.isLast === true) isReadable = false;
    if (row.item === null) continue;
    if (row.item.source.type === 'upload' || row.item.source.type === 'job') named.push(row.item);
    else take(optionsOf(row.item));
    if (named.length === PAGE) await settle();
  }
  await settle();
  const accepted = isReadable && items > 0 && (count === 0 || wanted.skipInvalid);
  listed.sort((one, other) => one.line - other.line);
  return { accepted, items, faults: { count, listed }, estimate: accepted ? await estimate(ports, clips) : null };
}

async function openManifest(
  { claims, store }: ApiPorts,
  { manifest }: WantedBatch,
  owner: string,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  if ('bytes' in manifest) return Readable.from([manifest.bytes]);
  if ('body' in manifest) return atMost(manifest.body, MAX_DIRECT_MANIFEST_BYTES);
  const { uploadId } = manifest;
  const found = (await claims.ownsUpload(uploadId, owner))
    ? await store.getStream(uploadKey(owner, uploadId), signal)
    : null;
  if (found !== null) return found.stream;
  throw new JobError('upload_expired', `The upload ${uploadId} has expired, was never made, or holds no file yet.`);
}

async function* atMost(body: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array, void> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes)
      throw new JobError('payload_too_large', `A manifest in the body has at most ${maxBytes} bytes.`);
    yield chunk;
  }
}

/** From one clip to all of one face, or of two where all faces are looked at; a clip that is re-encoded counts each time it is scored. */
function clipsOf(options: JobOptions): { readonly from: number; readonly to: number } {
  const { maxFrames, faces } = options;
  const times = 1 + variantsOf(options).length;
  if (maxFrames === 0) return { from: times * WHOLE_VIDEO_CLIPS.from, to: times * WHOLE_VIDEO_CLIPS.to };
  const most = Math.max(1, Math.floor(maxFrames / FRAMES_PER_CLIP));
  return { from: times, to: times * (faces === 'all' ? 2 * most : most) };
}

/**
 * By what the workers that score have scored lately. Between having all of them and sharing them with everyone who has a batch
 * running now.
 */
async function estimate(
  { announcements, batches, clock }: ApiPorts,
  clips: { readonly from: number; readonly to: number },
): Promise<Estimate> {
  const [workers, live, now] = await Promise.all([announcements.workers(), batches.live(), clock.now()]);
  const perSecond = workers.reduce((sum, { clipsPerSecond = 0 }) => sum + clipsPerSecond, 0);
  if (perSecond <= 0) return { clips, hours: null, finish: null };
  const others = new Set(live.filter(({ status }) => status === 'running').map(({ owner }) => owner)).size;
  const hours = { from: clips.from / perSecond / 3_600, to: ((others + 1) * clips.to) / perSecond / 3_600 };
  const at = (after: number): string => new Date(Math.min(now + after * 3_600_000, 8.64e15)).toISOString();
  const isFar = now + hours.to * 3_600_000 > 253_402_300_799_999;
  const rounded = { from: Number(hours.from.toPrecision(2)), to: Number(hours.to.toPrecision(2)) };
  return { clips, hours: rounded, finish: isFar ? null : { from: at(hours.from), to: at(hours.to) } };
}
