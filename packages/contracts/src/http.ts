import { z } from 'zod';
import { ClipScoreSchema } from './clip-score.js';
import { ErrorCodeSchema, JOB_STATUSES, JobIdSchema, JobSchema, TimeSchema } from './job.js';
import { JobOptionsSchema } from './job-options.js';
import { readableItems, readKnownKeys, readUnknownAs } from './newer-words.js';
import { QueueFactsSchema } from './queue-entries.js';
import { SubmittedSourceSchema, VideoUrlSchema } from './source.js';
import { STAGES } from './stages.js';
import { LABELS } from './verdict.js';
import { WebhookSchema } from './webhook.js';

/** How many bytes of JSON a client may attach to a job. */
export const METADATA_MAX_BYTES = 16_384;

const MetadataSchema = z
  .record(z.string().max(200), z.unknown())
  .refine(
    (value) => new TextEncoder().encode(JSON.stringify(value)).length <= METADATA_MAX_BYTES,
    `at most ${METADATA_MAX_BYTES} bytes`,
  )
  .default({})
  .describe('Anything of yours; comes back with the job.');

/** `POST /v1/jobs` with a JSON body. */
export const SubmitBodySchema = z.strictObject({
  source: SubmittedSourceSchema,
  options: JobOptionsSchema.prefault({}).describe(
    'Of an earlier job, which options decide what is looked at are those that it had, unless they are given.',
  ),
  metadata: MetadataSchema,
  webhook: WebhookSchema.optional(),
});

/** The part `job` of a multipart submission. It has no source, since the part `video` is the source. */
export const SubmitPartSchema = SubmitBodySchema.omit({ source: true });
export type SubmitPart = z.infer<typeof SubmitPartSchema>;

export const ListQuerySchema = z.strictObject({
  status: z.enum(JOB_STATUSES).optional(),
  batch: z.string().max(200).optional(),
  verdict: z.enum(LABELS).optional().describe('Of jobs that have one.'),
  minScore: z.coerce.number().min(0).max(1).optional(),
  maxScore: z.coerce.number().min(0).max(1).optional(),
  q: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe(
      'The beginning of the file name or of the id. With this, `verdict` or a score a page may be short, or empty, and yet have a `nextCursor`.',
    ),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
});

export const JobListSchema = z.object({ jobs: z.array(JobSchema), nextCursor: z.string().nullable() });

/** Addresses that work without a key, for a short while. */
export const JobLinksSchema = z.object({
  access: z
    .string()
    .describe(
      'As `?access=…` it opens events, result, report, preview and pictures of this job. Empty where no keys are set and an address is enough.',
    ),
  expiresAt: TimeSchema,
  links: z.record(z.string(), z.string()).describe('What the job has now, with `access`.'),
});
export type JobLinks = z.infer<typeof JobLinksSchema>;

/** One clip's score with what the style branch saw of it. */
export const ClipDetailsSchema = ClipScoreSchema.omit({ v: true });
export type ClipDetails = z.infer<typeof ClipDetailsSchema>;

/** RFC 9457 with the product's stable `code`. */
export const ProblemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: ErrorCodeSchema,
  instance: z.string().optional(),
  job: JobIdSchema.optional().describe(
    'Of a submission that the system failed: the id that its job would have, or has.',
  ),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof ProblemSchema>;

/** The card of a worker. Memory use and load are from the last measurement; null while the driver does not answer. */
const GpuFactsSchema = z.object({
  uuid: z.string(),
  memoryBytes: z.int(),
  memoryUsedBytes: z.int().nullable(),
  utilization: z.number().nullable().describe('0 to 1; also null where the card does not tell.'),
});
export type GpuFacts = z.infer<typeof GpuFactsSchema>;

const HEALTHS = ['starting', 'ready', 'busy', 'draining'] as const;

/** What a process says of itself in Redis while it runs. */
export const WorkerFactsSchema = z.object({
  id: z.string(),
  kind: z.enum(['api', 'cpu-worker', 'gpu-worker']),
  version: z.string(),
  host: z.string(),
  pid: z.int(),
  startedAt: TimeSchema,
  /** One of a newer version counts as `starting`: nobody knows whether it takes entries. */
  health: readUnknownAs(HEALTHS, 'starting', z.enum(HEALTHS)),
  bundle: z
    .object({ id: z.string(), digest: z.string(), variant: z.string(), trained: z.boolean(), threshold: z.number() })
    .optional(),
  queue: z.string().optional().describe('Where the clips of its bundle wait.'),
  provider: z.string().optional(),
  gpu: z.string().optional().describe('The name of its card.'),
  card: GpuFactsSchema.optional(),
  slots: readKnownKeys(STAGES, z.partialRecord(z.enum(STAGES), z.object({ busy: z.int(), total: z.int() })))
    .optional()
    .describe('Entries that it holds and could hold at once, by stage.'),
  decodeCage: z
    .array(z.string())
    .optional()
    .describe('What keeps the decoder of strangers’ files apart: environment, session, network, limits.'),
  printsReports: z.boolean().optional().describe('Whether it has a browser with which it makes PDFs of reports.'),
  clipsPerSecond: z.number().optional().describe('Scored since its last announcement, a quarter of a minute ago.'),
});
export type WorkerFacts = z.infer<typeof WorkerFactsSchema>;

/** `GET /v1/jobs/{id}/report.pdf` while it is made. */
export const PdfPendingSchema = z.object({ status: z.literal('printing') });
export type PdfPending = z.infer<typeof PdfPendingSchema>;

export const ModelsAnswerSchema = z.object({
  default: z.string().nullable(),
  models: z.array(
    z.object({
      id: z.string(),
      digest: z.string(),
      variant: z.string(),
      trained: z.boolean(),
      threshold: z.number(),
      queue: z.string().describe('Where its clips wait.'),
      workers: z.int().describe('Inference workers that serve it now.'),
      shadow: z
        .literal(true)
        .optional()
        .describe('It scores what others serve, and no client sees it; only keys with the role admin are told of it.'),
    }),
  ),
});

export type ModelsAnswer = z.infer<typeof ModelsAnswerSchema>;

export const SystemAnswerSchema = z.object({
  version: z.string(),
  store: z.string(),
  queues: z.array(QueueFactsSchema),
  workers: readableItems(WorkerFactsSchema),
});
export type SystemAnswer = z.infer<typeof SystemAnswerSchema>;

/** `GET /healthz` of the API. */
export const HealthAnswerSchema = z.object({ health: z.enum(['ready', 'draining']) });
export type HealthAnswer = z.infer<typeof HealthAnswerSchema>;

/** `GET /readyz` of the API. */
export const ReadinessAnswerSchema = HealthAnswerSchema.extend({
  ready: z.boolean(),
  checks: z
    .record(z.string(), z.string())
    .describe('By the name of the dependency: `ok`, `timeout`, or the code of what is wrong.'),
});
export type ReadinessAnswer = z.infer<typeof ReadinessAnswerSchema>;

/** The original service's `POST /predict`. */
export const PredictBodySchema = z.object({ file_path: VideoUrlSchema });

export const PredictAnswerSchema = z.object({
  df_probability: z.number(),
  prediction: z.enum(['FAKE', 'REAL', 'NO_FACE', 'UNCERTAIN']),
  start_time: z.string(),
  end_time: z.string(),
  job_id: z.string(),
});
export type PredictAnswer = z.infer<typeof PredictAnswerSchema>;

/** The answer to `POST /predict` when its job has not ended in time. */
export const PredictPendingSchema = z.object({ job_id: JobIdSchema, status: z.enum(JOB_STATUSES), link: z.string() });

/** The original service's `GET /healthcheck`. */
export const HealthcheckAnswerSchema = z.object({ healthy: z.boolean(), version: z.string() });
export type HealthcheckAnswer = z.infer<typeof HealthcheckAnswerSchema>;
