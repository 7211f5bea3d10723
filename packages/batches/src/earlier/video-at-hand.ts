import { JobError, type JobId, type JobOptions } from '@styleflow/contracts';
import type { JobRecord, JobRecords } from '@styleflow/queue';
import { clipsPrefix, type ObjectStore, sourceKey } from '@styleflow/storage';
import { isCutAlike } from './inherit.js';
import { itemBoxOf } from './item-box.js';

interface Ports {
  readonly records: Pick<JobRecords, 'read'>;
  readonly store: Pick<ObjectStore, 'get' | 'head' | 'list'>;
}

/**
 * Whether the video of an ended job can still be had, as far as it can be told without fetching it: an address without secrets, an
 * object of a bucket, a copy that one of the jobs keeps, clips that one kept of the same frames, or sealed credentials of a batch's item.
 * @param jobs all jobs of the video, this one first.
 */
export async function isAtHand(
  ports: Ports,
  record: JobRecord,
  jobs: readonly JobId[],
  wanted: Parameters<typeof isCutAlike>[0],
): Promise<boolean> {
  const { source, isSourceSealed } = record;
  if (source.type === 's3' || (source.type === 'url' && !isSourceSealed)) return true;
  for (const id of jobs) {
    if ((await ports.store.head(sourceKey(id))) !== null) return true;
    const holder = id === record.id ? record : await ports.records.read(id).catch(passOverLost);
    if (holder === null) continue;
    if (await keepsClips(ports.store, holder, wanted)) return true;
    if (source.type === 'url' && (await itemBoxOf(ports.store, holder)) !== null) return true;
  }
  return false;
}

/** Of a job whose record is damaged or that was deleted nothing is used. */
function passOverLost(error: unknown): null {
  if (error instanceof JobError && error.code === 'gone') return null;
  throw error;
}

async function keepsClips(
  store: Pick<ObjectStore, 'list'>,
  { id, run, options }: JobRecord,
  wanted: Pick<JobOptions, 'maxFrames' | 'sampling' | 'faces' | 'detection'>,
): Promise<boolean> {
  if (!options.keepCrops || !isCutAlike(wanted, options)) return false;
  for await (const _first of store.list(clipsPrefix(id, run))) return true;
  return false;
}
