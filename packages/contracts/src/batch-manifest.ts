import { z } from 'zod';
import { UPLOAD_ID_PATTERN } from './ids.js';
import { JobOptionsSchema } from './job-options.js';
import { SourceSchema, type SubmittedSource, SubmittedSourceSchema } from './source.js';
import { hasHiddenParts } from './url-secrets.js';
import { WebhookSchema } from './webhook.js';

/** What a batch is made of: a manifest with a row for each video. */

/** Most rows of one manifest. */
export const MAX_BATCH_ITEMS = 1_000_000;
/** Longest manifest, which is then sent as an upload. */
export const MAX_MANIFEST_BYTES = 1_000_000_000;
/** Longest manifest in the body of `POST /v1/batches` as CSV or NDJSON. */
export const MAX_DIRECT_MANIFEST_BYTES = 64_000_000;
/** Longest JSON body of `POST /v1/batches`; it is held in memory. */
export const MAX_BATCH_JSON_BYTES = 4_000_000;
/** Longest row of a manifest, with all its cells. */
export const MAX_ROW_BYTES = 65_536;

/** The columns with a meaning. Those that begin with `options.` are options of the row's job; all others are kept as metadata. */
export const MANIFEST_COLUMNS = ['source', 'id', 'truth_label', 'group', 'identity', 'method', 'split'] as const;
/** What is known of a video beside its source and its id, each a short text. */
export const LABEL_COLUMNS = ['truth_label', 'group', 'identity', 'method', 'split'] as const;
export type LabelColumn = (typeof LABEL_COLUMNS)[number];

export const OPTION_COLUMN_PREFIX = 'options.';

const ShortTextSchema = z.string().min(1).max(500);
const LabelsShape = Object.fromEntries(LABEL_COLUMNS.map((name) => [name, ShortTextSchema.optional()])) as Record<
  LabelColumn,
  z.ZodOptional<typeof ShortTextSchema>
>;

/** Options of a batch or of one of its items, without defaults: what is not given falls back to the batch, then to those of a job. */
export const GivenOptionsSchema = z
  .strictObject({
    maxFrames: JobOptionsSchema.shape.maxFrames.unwrap().optional(),
    sampling: JobOptionsSchema.shape.sampling.unwrap().optional(),
    faces: JobOptionsSchema.shape.faces.unwrap().optional(),
    detection: JobOptionsSchema.shape.detection.unwrap().optional(),
    bundle: JobOptionsSchema.shape.bundle,
    bundles: JobOptionsSchema.shape.bundles,
    combine: JobOptionsSchema.shape.combine,
    stability: JobOptionsSchema.shape.stability,
    priority: JobOptionsSchema.shape.priority.unwrap().optional(),
    keepCrops: JobOptionsSchema.shape.keepCrops.unwrap().optional(),
    preview: JobOptionsSchema.shape.preview,
    keepSource: JobOptionsSchema.shape.keepSource.unwrap().optional(),
  })
  .describe('What is not given falls back to the batch, then to the defaults of jobs.');
export type GivenOptions = z.infer<typeof GivenOptionsSchema>;

/** One row as NDJSON or JSON. Further fields are kept as metadata. */
export const BatchItemBodySchema = z
  .looseObject({
    source: z
      .union([z.string(), SubmittedSourceSchema])
      .describe('A URL, `s3://bucket/key`, `upload:ID`, `job:ID` (scored again), or the `source` of a job.'),
    id: ShortTextSchema.optional().describe(
      'Yours; unique within the batch. Without it, the number of the row from 1.',
    ),
    ...LabelsShape,
    options: GivenOptionsSchema.optional(),
  })
  .describe('A row of the manifest; further fields are kept as metadata.');

/** `POST /v1/batches` with a JSON body. Rows are judged in the background, so wrong ones are faults and do not refuse the call. */
export const BatchBodySchema = z.strictObject({
  manifest: z
    .union(
      [
        z.strictObject({ uploadId: z.string().regex(UPLOAD_ID_PATTERN) }),
        z.strictObject({ items: z.array(z.record(z.string(), z.unknown())).min(1) }),
      ],
      { error: 'one of {uploadId}, {items}' },
    )
    .describe('An upload that holds CSV or NDJSON, or the rows themselves.'),
  options: GivenOptionsSchema.default({}),
  skipInvalid: z
    .boolean()
    .default(false)
    .describe('Take the rows without a fault and list the others in the error file, instead of refusing all.'),
  webhook: WebhookSchema.optional().describe(
    'Told once the batch is over: `batch.ended` (also where it was refused) or `batch.canceled`.',
  ),
});

const FlagSchema = z.enum(['true', 'false']).default('false');

/** The query of `POST /v1/batches`. The last three are for bodies of CSV or NDJSON; JSON has them in the body. */
export const BatchQuerySchema = z.strictObject({
  dryRun: FlagSchema.describe('`true`: judge the manifest and estimate, create nothing.'),
  skipInvalid: FlagSchema.describe('As in the JSON body.'),
  options: z.string().max(2_000).optional().describe('As in the JSON body, as JSON text.'),
  webhookUrl: WebhookSchema.shape.url
    .refine(
      (url) => !URL.canParse(url) || !hasHiddenParts(url),
      'an address with a password or a query stands in a JSON body',
    )
    .optional()
    .describe(
      'The `url` of `webhook` in the JSON body. Secrets do not belong into a query: deliveries are not signed.',
    ),
});

const BUCKET_AND_KEY = /^s3:\/\/([^/]+)\/(.+)$/s;

/** A source as manifests write it; a sentence where it is none. */
export function parseSourceText(text: string): SubmittedSource | string {
  if (text.startsWith('job:')) return parseEarlierJob(text.slice('job:'.length));
  const [, bucket, key] = BUCKET_AND_KEY.exec(text) ?? [];
  const read = text.startsWith('upload:')
    ? SourceSchema.safeParse({ type: 'upload', uploadId: text.slice('upload:'.length) })
    : bucket !== undefined
      ? SourceSchema.safeParse({ type: 's3', bucket, key })
      : SourceSchema.safeParse({ type: 'url', url: text });
  if (read.success) return read.data;
  if (text.startsWith('upload:')) return 'not the id of an upload (upload:upl_…)';
  if (text.startsWith('s3:')) return 'not s3://bucket/key';
  return 'not an http or https URL, s3://bucket/key, upload:ID or job:ID';
}

function parseEarlierJob(job: string): SubmittedSource | string {
  const read = SubmittedSourceSchema.safeParse({ type: 'job', job });
  return read.success ? read.data : 'not the id of a job (job:job_…)';
}

/** A source as manifests and results write it. */
export function printSource(source: SubmittedSource): string {
  switch (source.type) {
    case 'url':
      return source.url;
    case 's3':
      return `s3://${source.bucket}/${source.key}`;
    case 'upload':
      return `upload:${source.uploadId}`;
    case 'job':
      return `job:${source.job}`;
  }
}
