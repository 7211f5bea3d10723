/**
 * The only place where a key of the object store is spelled.
 *
 *     jobs/ID/job.json                    the job's record as it was accepted, or accepted again by a retry
 *     jobs/ID/source                      the video, when it was uploaded or is to be kept
 *     jobs/ID/runs/RUN/began.json         by which rules the run cuts its clips
 *     jobs/ID/runs/RUN/prepared.json      what prepare found: media facts, tracks, clips
 *     jobs/ID/runs/RUN/record.json        the job's record, once Redis does not hold it any more
 *     jobs/ID/runs/RUN/clips/T.C          pixels of clip C of track T, deleted once scored
 *     jobs/ID/runs/RUN/clips/T.C.VARIANT  the same of a mild re-encoding of that clip, with the option stability; deleted as they are
 *     jobs/ID/runs/RUN/clips/T.C.json     where the face is in each frame of a clip that is kept
 *     jobs/ID/runs/RUN/strips/T.C.png     the picture that people see
 *     jobs/ID/runs/RUN/frames/F.jpg       frame F as a whole, small: which face is which
 *     jobs/ID/runs/RUN/preview.webm       a small video of what was looked at
 *     jobs/ID/runs/RUN/scores/T.C.json    the clip's score
 *     jobs/ID/runs/RUN/scores/BUNDLE/T.C.json  the same of a job with several bundles, each by 12 digits of its digest
 *                                         in both folders T.C.VARIANT.json is the score of a re-encoding
 *     jobs/ID/result.json, report.html    what finish wrote
 *     jobs/ID/signature.json              the signature of result.json, and the time stamp over it
 *     jobs/ID/custody.ndjson              the job's custody log, once Redis does not hold it any more
 *     jobs/ID/report.pdf                  the report printed, when somebody asked for it
 *     batches/ID/batch.json               the batch's record, but for what its items tell
 *     batches/ID/manifest                 as it was sent
 *     batches/ID/items/NNNNNN.ndjson      1,000 items that were taken
 *     batches/ID/faults/NNNNNN.ndjson     what is wrong with the manifest
 *     batches/ID/rows/NNNNNN.ndjson       how those items ended, once all of them have
 *     batches/ID/uploads/N                the claimed upload of item N, until it becomes a job
 *     uploads/OWNER/UPLOADID              a presigned upload before its submission
 *     parts/KEY/REF/NNNNN                 of the file store: a part of what becomes the object KEY, and REF/begun
 *     probes/ID                           written and deleted at once by a check of the store
 *     tombstones/JOBID                    the job was deleted, or its retention is over; goes when nothing of it is left
 *     store.json                          which store this is
 *
 * Keys are derived from ids alone, so a stage that runs twice writes the same keys. The number of the run is in them so
 * that a late writer of an earlier run cannot overwrite the files of a retried job.
 */

import { JobError } from '@styleflow/contracts';

/** One segment of a key. Only the characters of ids are let through, so that no key leaves the job's own folder. */
function segment(name: string, text: string): string {
  if (!/^[A-Za-z0-9_.~-]{1,128}$/.test(text) || text === '.' || text === '..') {
    throw new JobError('invalid_request', `${name} ${JSON.stringify(text)} cannot be part of an object key`);
  }
  return text;
}

/** A count from 0 on. */
function index(name: string, value: number): string {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new JobError('invalid_request', `${name} ${value} cannot be part of an object key`);
  }
  return String(value);
}

/** Everything of one job: deleting this prefix deletes the job's bytes. Ends in `/`. */
export function jobPrefix(job: string): string {
  return `${JOBS_PREFIX}${segment('job', job)}/`;
}

/** Everything of all jobs. Ends in `/`. */
export const JOBS_PREFIX = 'jobs/';

/** The job's record as it was accepted, JSON: what makes it run again when Redis has forgotten it. */
export function acceptedKey(job: string): string {
  return `${jobPrefix(job)}job.json`;
}

/** What a key below `JOBS_PREFIX` says: whose it is, of which run (null outside of runs), and its name therein. */
export function parseJobKey(key: string): { job: string; run: number | null; name: string } | null {
  const [, job, run, name] = /^jobs\/([^/]+)\/(?:runs\/(\d{1,9})\/)?(.+)$/.exec(key) ?? [];
  if (job === undefined || name === undefined) return null;
  return { job, run: run === undefined ? null : Number(run), name };
}

/** The job's own copy of the video. */
export function sourceKey(job: string): string {
  return `${jobPrefix(job)}source`;
}

/** Everything of one run of a job, except what outlives the run: source, result, report. Ends in `/`. */
export function runPrefix(job: string, run: number): string {
  return `${jobPrefix(job)}runs/${index('run', run)}/`;
}

/** By which rules the run cuts its clips, as JSON. */
export function beganKey(job: string, run: number): string {
  return `${runPrefix(job, run)}began.json`;
}

/** What prepare found, as JSON. */
export function preparedKey(job: string, run: number): string {
  return `${runPrefix(job, run)}prepared.json`;
}

/** The job's record as it was when the run had ended, JSON. */
export function recordKey(job: string, run: number): string {
  return `${runPrefix(job, run)}record.json`;
}

/** The pixels of every clip of one run. Ends in `/`. */
export function clipsPrefix(job: string, run: number): string {
  return `${runPrefix(job, run)}clips/`;
}

/** The pixels of one clip (32 aligned crops, lossless). `variant`: of a re-encoding of it, by its name. */
export function clipKey(job: string, run: number, track: number, clip: number, variant?: string): string {
  return `${clipsPrefix(job, run)}${index('track', track)}.${index('clip', clip)}${variantOf(variant)}`;
}

/** Where the face is in each frame of one clip, JSON; of clips that are kept. It goes with the pixels. */
export function clipFramesKey(job: string, run: number, track: number, clip: number): string {
  return `${clipKey(job, run, track, clip)}.json`;
}

/** The picture strips of one run. Ends in `/`. */
export function stripsPrefix(job: string, run: number): string {
  return `${runPrefix(job, run)}strips/`;
}

/** The picture strip of one clip, PNG. */
export function stripKey(job: string, run: number, track: number, clip: number): string {
  return `${stripsPrefix(job, run)}${index('track', track)}.${index('clip', clip)}.png`;
}

/** The whole frames of one run. Ends in `/`. */
export function framesPrefix(job: string, run: number): string {
  return `${runPrefix(job, run)}frames/`;
}

/** One frame as a whole, small, JPEG. */
export function frameKey(job: string, run: number, frame: number): string {
  return `${framesPrefix(job, run)}${index('frame', frame)}.jpg`;
}

/** A small video of what a run looked at, WebM. */
export function previewKey(job: string, run: number): string {
  return `${runPrefix(job, run)}preview.webm`;
}

/** The scores of one run. Ends in `/`. */
export function scoresPrefix(job: string, run: number): string {
  return `${runPrefix(job, run)}scores/`;
}

/**
 * The score of one clip, JSON. `bundle`: of a job with several, the first 12 hex digits of the digest of the one that scored it.
 * `variant`: of a re-encoding of the clip, by its name.
 */
export function clipScoreKey(
  job: string,
  run: number,
  track: number,
  clip: number,
  bundle?: string,
  variant?: string,
): string {
  const folder = bundle === undefined ? '' : `${segment('bundle', bundle)}/`;
  return `${scoresPrefix(job, run)}${folder}${index('track', track)}.${index('clip', clip)}${variantOf(variant)}.json`;
}

function variantOf(variant: string | undefined): string {
  return variant === undefined ? '' : `.${segment('variant', variant)}`;
}

/** The full result, JSON. */
export function resultKey(job: string): string {
  return `${jobPrefix(job)}result.json`;
}

/** The self-contained HTML report. */
export function reportKey(job: string): string {
  return `${jobPrefix(job)}report.html`;
}

/** The signature of the result, and the time stamp over it, JSON. */
export function signatureKey(job: string): string {
  return `${jobPrefix(job)}signature.json`;
}

/** The custody log, one entry a line. */
export function custodyKey(job: string): string {
  return `${jobPrefix(job)}custody.ndjson`;
}

/** The report as PDF, once somebody has asked for it. */
export function reportPdfKey(job: string): string {
  return `${jobPrefix(job)}report.pdf`;
}

/** Everything of all batches. Ends in `/`. */
export const BATCHES_PREFIX = 'batches/';

/** Everything of one batch but its jobs. Ends in `/`. */
export function batchPrefix(batch: string): string {
  return `${BATCHES_PREFIX}${segment('batch', batch)}/`;
}

/** The batch's record, JSON: what makes it go on when Redis has forgotten it. */
export function batchRecordKey(batch: string): string {
  return `${batchPrefix(batch)}batch.json`;
}

/** What a key below `BATCHES_PREFIX` says: whose it is, and its name therein. */
export function parseBatchKey(key: string): { batch: string; name: string } | null {
  const [, batch, name] = /^batches\/([^/]+)\/(.+)$/.exec(key) ?? [];
  return batch === undefined || name === undefined ? null : { batch, name };
}

/** The manifest as it was sent. */
export function manifestKey(batch: string): string {
  return `${batchPrefix(batch)}manifest`;
}

/** Everything of one kind: items, faults or rows. Ends in `/`. */
export function batchPartsPrefix(batch: string, kind: BatchPart): string {
  return `${batchPrefix(batch)}${kind}/`;
}

export type BatchPart = 'items' | 'faults' | 'rows';

/** One of the numbered parts of which items, faults and rows consist, NDJSON. Keys sort as the numbers do. */
export function batchPartKey(batch: string, kind: BatchPart, part: number): string {
  return `${batchPartsPrefix(batch, kind)}${index('part', part).padStart(6, '0')}.ndjson`;
}

/** A batch's own copy of the upload that an item names. */
export function claimedUploadKey(batch: string, item: number): string {
  return `${batchPrefix(batch)}uploads/${index('item', item)}`;
}

/** Presigned uploads of all owners. One that has lain here for long was never submitted, or was copied to its job. */
export const UPLOADS_PREFIX = 'uploads/';

/** A presigned upload; `owner` is the id of the API key that asked for it. */
export function uploadKey(owner: string, uploadId: string): string {
  return `${UPLOADS_PREFIX}${segment('owner', owner)}/${segment('upload', uploadId)}`;
}

/** Parts of objects that are not joined yet, in the file store. Ends in `/`. */
export const PARTS_PREFIX = 'parts/';

/** The id of the upload that lies at this key, or will; null where it is no upload's. */
export function uploadIdOf(key: string): string | null {
  return /^uploads\/[^/]+\/([^/]+)$/.exec(key)?.[1] ?? null;
}

/** An object that a check of the store writes and deletes again. */
export function probeKey(probe: string): string {
  return `probes/${segment('probe', probe)}`;
}

/** The tombstones of all jobs. */
export const TOMBSTONES_PREFIX = 'tombstones/';

/** Stands while anything may still be there of a job that was deleted or whose retention is over. */
export function tombstoneKey(job: string): string {
  return `${TOMBSTONES_PREFIX}${segment('job', job)}`;
}

/** Holds the store's id. It is there as long as the store is. */
export const MARKER_KEY = 'store.json';
