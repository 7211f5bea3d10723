import { JOB_STATUSES, type JobId, type JobStatus } from '@styleflow/contracts';

/**
 * Starts every key of the product. The braces put all of them into one slot of a Redis Cluster, which scripts over several
 * keys need. BullMQ's keys go on with `:`, the product's own with `/`, so they never meet.
 */
export const KEY_PREFIX = '{styleflow}';

const OWN = `${KEY_PREFIX}/`;

/** Published with `JOB_ID STATUS` once per change of a job. */
export const CHANGES_CHANNEL = `${OWN}changes`;

/** Owner and batch names come from users; encoded, they cannot reach into another key. */
const safe = encodeURIComponent;

/** Which indexed set of jobs is meant; nothing given: all jobs. */
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
  job: (id: JobId): string => `${OWN}job/${id}`,
  events: (id: JobId): string => `${OWN}job/${id}/events`,
  /** One sorted set per status, all scores 0: ordered by id, that is by time of creation. */
  indexes: (scope: JobScope, statuses: readonly JobStatus[] = JOB_STATUSES): string[] =>
    statuses.map((status) => statusIndex(scope, status)),
  ended: `${OWN}jobs/ended`,
  /** Of the ended ones, those whose record is still a hash here, by the time of their end; the others: see `archived`. */
  unarchived: `${OWN}jobs/unarchived`,
  /** Ended ones whose record lies in the archive; the score is the run. */
  archived: `${OWN}jobs/archived`,
  mediaMark: `${OWN}media-mark`,
  cleanups: `${OWN}cleanups`,
  tombstones: `${OWN}tombstones`,
  idempotency: (owner: string, key: string): string => `${OWN}idempotency/${safe(owner)}/${safe(key)}`,
  upload: (uploadId: string): string => `${OWN}upload/${safe(uploadId)}`,
  workers: `${OWN}workers`,
  bundles: `${OWN}bundles`,
  /** Names of the score queues that were ever used. */
  scoreQueues: `${OWN}score-queues`,
  lease: (name: string): string => `${OWN}lease/${safe(name)}`,
};
