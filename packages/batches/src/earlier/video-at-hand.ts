import { JobError, type JobId } from '@styleflow/contracts';
import type { JobRecord, JobRecords } from '@styleflow/queue';
import { clipsPrefix, type ObjectStore, sourceKey } from '@styleflow/storage';
import { isCutAlike, needsVideo } from './inherit.js';
import { itemBoxOf } from './item-box.js';

interface Ports {
  readonly records: Pick<JobRecords, 'read'>;
  readonly store: Pick<ObjectStore, 'get' | 'head' | 'list'>;
}

type Wanted = Parameters<typeof isCutAlike>[0] & Parameters<typeof needsVideo>[0];

/**
 * Whether the video of an ended job can still be had, as far as it can be told without fetching it: an address without secrets, an
 * object of a bucket, a copy that one of the jobs keeps, clips that one kept of the same frames, or sealed credentials of a batch's item.
 * @param jobs all jobs of the video, this one first.
 */
export async function isAtHand(
  ports: Ports,
  record: JobRecord,
  jobs: readonly JobId[],
  wanted: Wanted,
): Promise<boolean> {
  const { source, isSourceSealed } = record;
  const clipsServe = !needsVideo(wanted, source);
  if (source.type === 's3' || (source.type === 'url' && !isSourceSealed)) return true;
  for (const id of jobs) {
    if ((await ports.store.head(sourceKey(id))) !== null) return true;
    const holder = id === record.id ? record : await ports.records.read(id).catch(passOverLost);
    if (holder === null) continue;
    if (clipsServe && (await keepsClips(ports.store, holder, wanted))) return true;
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
  { id, run, status, options }: JobRecord,
  wanted: Wanted,
): Promise<boolean> {
  if (status !== 'succeeded' || !options.keepCrops || !isCutAlike(wanted, options)) return false;
  for await (const _first of store.list(clipsPrefix(id, run))) return true;
  return false;
}
