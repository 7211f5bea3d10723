import { z } from 'zod';
import { ERROR_CODES } from './errors.js';
import { JOB_ID_PATTERN, type JobId } from './ids.js';
import { JobOptionsSchema } from './job-options.js';
import { readUnknownAs } from './newer-words.js';
import { SourceSchema } from './source.js';
import { STAGES, type Stage } from './stages.js';
import { VerdictSchema } from './verdict.js';

export const JOB_STATUSES = ['queued', 'preparing', 'scoring', 'succeeded', 'failed', 'canceled'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/** Terminal: a job keeps it until it is retried or deleted. */
export const ENDED_STATUSES = ['succeeded', 'failed', 'canceled'] as const satisfies readonly JobStatus[];
export const UNFINISHED_STATUSES: readonly JobStatus[] = JOB_STATUSES.filter((status) => !isEnded(status));

/**
 * Whether the job has ended. A job moves `queued` → `preparing` → `scoring` → its end; `scoring` is left out when there
 * is no clip to score. It never moves backwards, except by `retry`.
 */
export function isEnded(status: JobStatus): boolean {
  return ENDED_STATUSES.some((ended) => ended === status);
}

export function isRetryable(status: JobStatus): boolean {
  return status === 'failed';
}

/** The stage that works on a job with this status; null when it is queued or has ended. */
export function stageOf(status: JobStatus): Stage | null {
  if (status === 'preparing') return 'prepare';
  if (status === 'scoring') return 'score';
  return null;
}

/** ISO 8601, UTC, milliseconds. */
export const TimeSchema = z.iso.datetime({ precision: 3 });

export const JobIdSchema = z
  .custom<JobId>((value) => typeof value === 'string' && JOB_ID_PATTERN.test(value))
  .meta({
    type: 'string',
    pattern: JOB_ID_PATTERN.source,
    example: 'job_01JD9Z3V6Q8W2X4Y6Z8A0B2C4D',
  });

/** Any code of a newer version is `internal`: the message still says what happened. */
export const ErrorCodeSchema = readUnknownAs(ERROR_CODES, 'internal', z.enum(ERROR_CODES));

/** Null where no stage is under way, and for a stage of a newer version. */
export const StageSchema = readUnknownAs(STAGES, null, z.enum(STAGES).nullable());

export const ProblemFactsSchema = z.object({
  code: ErrorCodeSchema,
  message: z.string(),
});

/** Share of the percent that decoding makes up; the rest is scoring. */
export const DECODE_SHARE = 0.6;

export const ProgressSchema = z.object({
  percent: z.number().min(0).max(100).nullable().describe('Never falls; null while the total is unknown.'),
  framesDecoded: z.int().min(0),
  framesTotal: z.int().min(0).nullable(),
  clipsPlanned: z.int().min(0),
  clipsScored: z.int().min(0),
});
export type Progress = z.infer<typeof ProgressSchema>;

/** The job as every client sees it. */
export const JobSchema = z.object({
  id: JobIdSchema,
  status: z.enum(JOB_STATUSES),
  stage: StageSchema,
  progress: ProgressSchema,
  source: SourceSchema,
  options: JobOptionsSchema,
  metadata: z.record(z.string(), z.unknown()),
  batch: z.string().optional(),
  rescoreOf: JobIdSchema.optional().describe(
    'The earlier job whose video this one judges again. Its result stands as it was.',
  ),
  createdAt: TimeSchema,
  startedAt: TimeSchema.nullable(),
  finishedAt: TimeSchema.nullable(),
  attempts: z.int().min(0).describe('Starts of `prepare`.'),
  error: ProblemFactsSchema.optional(),
  verdict: VerdictSchema.optional(),
  links: z.record(z.string(), z.string()),
});
export type Job = z.infer<typeof JobSchema>;
