import { ulid } from 'ulid';
import type { ClipVariant } from './clip-variant.js';
import { isStage, type Stage } from './stages.js';

/** `job_` and a ULID, so ids sort by creation time. BullMQ takes them in entry ids: no `:`, and not digits alone. */
export type JobId = `job_${string}`;

/** `bat_` and a ULID whose last five characters are zeros: its items' jobs count in them (see `itemJobId`). */
export type BatchId = `bat_${string}`;

const ULID = '[0-9A-HJKMNP-TV-Z]{26}';
/** The digits of a ULID. */
const BASE_32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Characters of an item's number in the id of its job: 33 million items. */
const ITEM_CHARACTERS = 5;
const NO_ITEM = '0'.repeat(ITEM_CHARACTERS);
export const JOB_ID_PATTERN = new RegExp(`^job_${ULID}$`);
export const BATCH_ID_PATTERN = /^bat_[0-9A-HJKMNP-TV-Z]{21}00000$/;
export const UPLOAD_ID_PATTERN = new RegExp(`^upl_${ULID}$`);

export function mintJobId(): JobId {
  return `job_${ulid()}`;
}

/** Sorted by creation, as job ids are: 48 bits of time, 55 of chance. */
export function mintBatchId(): BatchId {
  return `bat_${ulid().slice(0, -ITEM_CHARACTERS)}${NO_ITEM}`;
}

export function isBatchId(text: string): text is BatchId {
  return BATCH_ID_PATTERN.test(text);
}

/**
 * The job of one item, counted from 0. It is derived, so that an item that is admitted twice (a process was killed, two
 * work at once) is one job. Jobs of a batch sort by their items.
 */
export function itemJobId(batch: BatchId, index: number): JobId {
  let digits = '';
  for (let rest = index; digits.length < ITEM_CHARACTERS; rest = Math.floor(rest / 32)) {
    digits = `${BASE_32[rest % 32]}${digits}`;
  }
  return `job_${batch.slice('bat_'.length, -ITEM_CHARACTERS)}${digits}`;
}

/** The number of the item whose job this is, if it is one of this batch; null otherwise. */
export function itemIndexOf(batch: BatchId, job: string): number | null {
  if (!isJobId(job)) return null;
  if (job.slice('job_'.length, -ITEM_CHARACTERS) !== batch.slice('bat_'.length, -ITEM_CHARACTERS)) return null;
  return [...job.slice(-ITEM_CHARACTERS)].reduce((sum, digit) => sum * 32 + BASE_32.indexOf(digit), 0);
}

export function mintUploadId(): string {
  return `upl_${ulid()}`;
}

/** Names one object store for ever, so that an emptied or a wrong one is not taken for it. */
export function mintStoreId(): string {
  return `sto_${ulid()}`;
}

export function isJobId(text: string): text is JobId {
  return JOB_ID_PATTERN.test(text);
}

/** One run of a job. The first has number 1; each `retry` starts the next one. */
export interface JobRun {
  readonly job: JobId;
  readonly run: number;
}

/** One clip of one run: `track` and `clip` count from 0. */
export interface ClipRef extends JobRun {
  readonly track: number;
  readonly clip: number;
  /**
   * Of a job that several bundles judge: the one whose score is meant, by its digest's first 12 hex digits. Where pixels and
   * picture lie, which all of them share, does not depend on it.
   */
  readonly bundle?: string | undefined;
  /** A mild re-encoding of the clip, with pixels and scores of its own; undefined: the clip as it was cut. */
  readonly variant?: ClipVariant | undefined;
}

/**
 * Ids of queue entries. They are derived from the job, so a stage that runs twice adds the same entry, and so only one.
 * The separator is a dot because BullMQ forbids `:` in ids.
 */
export const entryId = {
  finish: ({ job, run }: JobRun): string => `${job}.${run}.finish`,
  prepare: ({ job, run }: JobRun): string => `${job}.${run}.prepare`,
  score: ({ job, run, track, clip }: ClipRef): string => `${job}.${run}.score.${track}.${clip}`,
} satisfies Record<Stage, (ref: ClipRef) => string>;

/** The id of `prepare` of the same run once more, for objects of it that were damaged; `again` counts from 1. */
export function prepareAgainId(run: JobRun, again: number): string {
  return `${entryId.prepare(run)}.again.${again}`;
}

/** What an entry works on. `track` and `clip` are null but of entries that work on one clip. */
export interface EntryRef extends JobRun {
  readonly stage: Stage;
  readonly track: number | null;
  readonly clip: number | null;
}

const AGAIN = /(?<=\.prepare)\.again\.[1-9]\d{0,8}$/;

/** Reads an id of `entryId` or `prepareAgainId`; null for any other text: the entry is not ours, or of a stage that this version does not know. */
export function parseEntryId(text: string): EntryRef | null {
  const id = text.replace(AGAIN, '');
  const [, job = '', run, stage = '', track, clip] =
    /^(\w+)\.(\d{1,9})\.([a-z-]+)(?:\.(\d{1,9})\.(\d{1,9}))?$/.exec(id) ?? [];
  if (!isJobId(job) || !isStage(stage)) return null;
  const [runNumber, trackNumber, clipNumber] = [Number(run), Number(track ?? 0), Number(clip ?? 0)];
  // Printed again, it shows whether this stage's ids name a clip.
  if (entryId[stage]({ job, run: runNumber, track: trackNumber, clip: clipNumber }) !== id) return null;
  const isOfClip = track !== undefined;
  return { job, run: runNumber, stage, track: isOfClip ? trackNumber : null, clip: isOfClip ? clipNumber : null };
}

/** The job that an entry's id names, whatever version made it; null where it names none, so no version did. */
export function jobOfEntryId(id: string): JobId | null {
  const [job = ''] = id.split('.', 1);
  return isJobId(job) && id.length > job.length ? job : null;
}

/** How queues and keys name a bundle: the first 12 hex digits of its digest. */
export function digest12(digest: string): string {
  return digest.slice(0, 12);
}

/**
 * The score queue of one bundle, from which every GPU worker with this bundle takes. `bundle`: its digest's
 * first 12 hex digits.
 */
export function scoreQueueName(bundle: string): string {
  return `score.${bundle}`;
}

/** The bundle that a score queue serves, by the first 12 hex digits of its digest; null for any other queue. */
export function bundleOfQueue(name: string): string | null {
  return /^score\.([0-9a-f]{12})$/.exec(name)?.[1] ?? null;
}
