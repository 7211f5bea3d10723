import { ulid } from 'ulid';

/** `job_` and a ULID: sorts by creation time, and is valid as a part of a BullMQ entry id (no `:`, not digits only). */
export type JobId = `job_${string}`;

const ULID = '[0-9A-HJKMNP-TV-Z]{26}';
export const JOB_ID_PATTERN = new RegExp(`^job_${ULID}$`);
export const UPLOAD_ID_PATTERN = new RegExp(`^upl_${ULID}$`);

export function mintJobId(): JobId {
  return `job_${ulid()}`;
}

export function mintUploadId(): string {
  return `upl_${ulid()}`;
}

export function isJobId(text: string): text is JobId {
  return JOB_ID_PATTERN.test(text);
}

/** One run of a job: the job itself and the number of the run, 1 for the first; `retry` starts the next one. */
export interface JobRun {
  readonly job: JobId;
  readonly run: number;
}

/** One clip of one run: `track` and `clip` count from 0. */
export interface ClipRef extends JobRun {
  readonly track: number;
  readonly clip: number;
}

/**
 * Queue entry ids are derived, so a repeated stage adds nothing twice.
 * The separator is a dot because BullMQ forbids `:` in ids.
 */
export const entryId = {
  finish: ({ job, run }: JobRun): string => `${job}.${run}.finish`,
  prepare: ({ job, run }: JobRun): string => `${job}.${run}.prepare`,
  score: ({ job, run, track, clip }: ClipRef): string => `${job}.${run}.score.${track}.${clip}`,
};

/** The queue that serves one bundle: every GPU worker with that bundle reads it. `digest12` is the bundle digest's first 12 hex digits. */
export function scoreQueueName(digest12: string): string {
  return `score.${digest12}`;
}
