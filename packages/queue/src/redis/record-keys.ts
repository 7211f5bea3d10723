import { type BatchId, JOB_STATUSES, type JobId, type JobStatus } from '@styleflow/contracts';

/**
 * The beginning of every key of the product. The braces put all keys into one slot of a Redis Cluster, which scripts
 * over several keys need. BullMQ's keys continue with `:`, the product's own with `/`, so they never meet.
 */
export const KEY_PREFIX = '{styleflow}';

const OWN = `${KEY_PREFIX}/`;

/** The channel on which `JOB_ID STATUS` is published once for each change of a job. */
export const CHANGES_CHANNEL = `${OWN}changes`;

/** The channel on which the id of a batch is published once for each of its changes. */
export const BATCHES_CHANNEL = `${OWN}batches`;

/** Names of owners and batches come from users. Encoded they cannot lead into another key. */
const safe = encodeURIComponent;

/** A set of jobs that has an index: of an owner or a batch; without either all jobs. */
export interface JobScope {
  readonly owner?: string | undefined;
  readonly batch?: string | undefined;
}

function statusIndex({ owner, batch }: JobScope, status: JobStatus): string {
  if (batch !== undefined) return `${OWN}jobs/batch/${safe(batch)}/${status}`;
  if (owner !== undefined) return `${OWN}jobs/owner/${safe(owner)}/${status}`;
  return `${OWN}jobs/all/${status}`;
}

export const recordKeys = {
  /** An owner's name as the scripts put it into keys. */
  safe,
  job: (id: JobId): string => `${OWN}job/${id}`,
  events: (id: JobId): string => `${OWN}job/${id}/events`,
  /** One sorted set for each status. All scores are 0, so it is ordered by id, which is by time of creation. */
  indexes: (scope: JobScope, statuses: readonly JobStatus[] = JOB_STATUSES): string[] =>
    statuses.map((status) => statusIndex(scope, status)),
  batch: (id: BatchId): string => `${OWN}batch/${id}`,
  /** Rows of a part of which not all items have ended, or whose rows are not in the store yet. */
  batchRows: (id: BatchId, part: number): string => `${OWN}batch/${id}/rows/${part}`,
  /** Batches by id, of an owner or all. */
  batches: (owner?: string): string =>
    owner === undefined ? `${OWN}batches/all` : `${OWN}batches/owner/${safe(owner)}`,
  /** Owners of whom single jobs wait for room, and those jobs. */
  singles: `${OWN}singles`,
  waitingSingles: (owner: string): string => `${OWN}singles/${safe(owner)}/waiting`,
  /** How much of each batch, and of each owner's single jobs, is admitted. */
  window: `${OWN}window`,
  /** Batches for which something is to be done. */
  liveBatches: `${OWN}batches/live`,
  /** Batches of which the archive has not what they are now. */
  unkeptBatches: `${OWN}batches/unkept`,
  /** There as long as this Redis has been compared with the archive of batches. */
  searchedBatches: `${OWN}batches/searched`,
  /** Batches by when they were over. */
  overBatches: `${OWN}batches/over`,
  /** `BATCH.PART` of which every item has ended and whose rows are not in the store yet. */
  wholeParts: `${OWN}batches/whole`,
  /** `BATCH.PART` whose media are still there, by when its rows went to the store. */
  partsWithMedia: `${OWN}batches/media`,
  ended: `${OWN}jobs/ended`,
  /** Ended jobs whose record is still a hash in Redis, by the time of their end. The others are in `archived`. */
  unarchived: `${OWN}jobs/unarchived`,
  /** Ended jobs whose record lies in the archive. The score is the run. */
  archived: `${OWN}jobs/archived`,
  /** Accepted, but not yet kept in the archive, by when. */
  unkept: `${OWN}jobs/unkept`,
  /** Jobs to be whose video is put at its own place, by when that was said last. */
  arrivals: `${OWN}arrivals`,
  /** Entries of a job's custody log that were added since it was archived, with all before them. */
  custody: (id: JobId): string => `${OWN}job/${id}/custody`,
  /** Jobs whose log is not in the archive as it is now, by its last entry. */
  custodyUnkept: `${OWN}custody`,
  /** Which object store belongs to this Redis. */
  store: `${OWN}store`,
  mediaMark: `${OWN}media-mark`,
  /** Connections to the host of sources, over all workers. */
  fetches: (target: string): string => `${OWN}fetches/${safe(target)}`,
  /** Calls of an owner in the running window: a minute, or a second. */
  calls: (owner: string, window: 'minute' | 'second'): string =>
    `${OWN}calls/${safe(owner)}${window === 'minute' ? '' : `/${window}`}`,
  /** What retention was granted to delete within the last minute. */
  deletions: (what: string): string => `${OWN}deletions/${safe(what)}`,
  /** Sealed secrets of a job or a batch, by name. */
  secrets: (of: string): string => `${OWN}secrets/${safe(of)}`,
  /** Messages to the webhook of a job or a batch, and their log. */
  deliveries: (of: string): string => `${OWN}webhooks/of/${safe(of)}`,
  /** Messages that are not in the queue of webhooks yet. */
  outbox: `${OWN}webhooks/outbox`,
  /** Whether a target of webhooks is worth asking, by a digest of its address. */
  circuit: (digest: string): string => `${OWN}webhooks/circuit/${digest}`,
  /** Whose turn it is in a queue. */
  turns: (queue: string): string => `${OWN}turns/${safe(queue)}`,
  cleanups: `${OWN}cleanups`,
  tombstones: `${OWN}tombstones`,
  idempotency: (owner: string, key: string): string => `${OWN}idempotency/${safe(owner)}/${safe(key)}`,
  /** Whose an upload is. */
  upload: (uploadId: string): string => `${OWN}upload/${safe(uploadId)}`,
  uploadFacts: (uploadId: string): string => `${OWN}upload/${safe(uploadId)}/facts`,
  workers: `${OWN}workers`,
  bundles: `${OWN}bundles`,
  /** Since when bundles have been without workers, of those that jobs with several wait for. */
  absentBundles: `${OWN}bundles/absent`,
  /** Unfinished jobs that several bundles judge. */
  severalBundles: `${OWN}jobs/several`,
  /** Runs that wait for shadows, by their deadlines; the prelude of the scripts lists what lies beside. */
  heldForShadows: `${OWN}shadows/held`,
  /** Runs that a shadow is to score, by when one may take them. */
  offeredToShadow: (shadow: string): string => `${OWN}shadows/offered/${safe(shadow)}`,
  /** `JOB.RUN.SHADOW` that was scored and is to be compared. */
  scoredByShadows: `${OWN}shadows/scored`,
  /** What a shadow said of videos, by job. */
  comparedShadow: (shadow: string): string => `${OWN}shadows/compared/${safe(shadow)}`,
  /** How many runs could not be compared, by why. */
  missedByShadow: (shadow: string): string => `${OWN}shadows/missed/${safe(shadow)}`,
  /** Names of the score queues that were ever used. */
  scoreQueues: `${OWN}score-queues`,
  /** Written and read by a check of Redis, one a process. */
  probe: (name: string): string => `${OWN}probe/${safe(name)}`,
  lease: (name: string): string => `${OWN}lease/${safe(name)}`,
};
