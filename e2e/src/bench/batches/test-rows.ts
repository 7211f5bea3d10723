import { type Batch, BatchSchema, itemJobId, mintBatchId, type ResultRow } from '@styleflow/contracts';
import type { SubmittedItem } from './audit-rows.js';
import type { SourceKind } from './small-videos.js';

/** A batch of items whose kinds repeat, as its owner would see it. */
export function someBatch(total: number, changes: Partial<Batch> = {}, counts: Partial<Batch['counts']> = {}): Batch {
  const at = '2026-01-01T00:00:00.000Z';
  return BatchSchema.parse({
    id: mintBatchId(),
    status: 'ended',
    cancelRequested: false,
    round: 1,
    rowsRead: total,
    counts: { total, queued: 0, preparing: 0, scoring: 0, succeeded: total, failed: 0, canceled: 0, ...counts },
    admitted: total,
    errors: {},
    faults: { count: 0, listed: [] },
    throughput: { itemsPerHour: null },
    eta: null,
    options: {},
    skipInvalid: false,
    createdAt: at,
    startedAt: at,
    finishedAt: at,
    links: {},
    ...changes,
  });
}

const KINDS: readonly SourceKind[] = ['face', 'faceless', 'no-video'];

export function someItems(total: number): SubmittedItem[] {
  return Array.from({ length: total }, (_, n) => {
    const kind = KINDS[n % KINDS.length] ?? 'face';
    return { id: `item-${n}`, source: `http://127.0.0.1/${kind}/${n}.mp4`, video: { name: kind, kind } };
  });
}

/** The row of an item that ended as its video must. */
export function goodRow({ id }: Batch, index: number, { id: own, source, video }: SubmittedItem): ResultRow {
  const isVideo = video.kind !== 'no-video';
  return {
    ...{ index, id: own, source, status: isVideo ? 'succeeded' : 'failed', threshold: null },
    verdict_label: isVideo ? 'inconclusive' : null,
    score: video.kind === 'face' ? 0.5 : null,
    reason: isVideo ? (video.kind === 'face' ? 'untrained_bundle' : 'no_face') : null,
    error_code: isVideo ? null : 'unsupported_media',
    faces: null,
    clips: isVideo ? (video.kind === 'face' ? 1 : 0) : null,
    ...{ truth_label: null, group: null },
    job: itemJobId(id as `bat_${string}`, index),
  };
}
