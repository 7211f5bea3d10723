import { z } from 'zod';
import { JobIdSchema, TimeSchema } from './job.js';
import { BUNDLES_MAX } from './job-options.js';
import { VerdictSchema } from './verdict.js';

/** A bundle's id with its digest, as `GET /v1/models` lists them. */
const BUNDLE_ID = /^[^/\\\s]+@[0-9a-f]{12}$/;

/** Bundles that may be shadows at once. Each of them scores every clip once more. */
export const SHADOWS_MAX = BUNDLES_MAX;

/**
 * Reads the setting: ids, separated by commas.
 * @throws RangeError for what is no id, and for too many
 */
export function parseShadowBundles(text: string): readonly string[] {
  const ids = text.split(',').flatMap((word) => word.trim() || []);
  const allowed = `allowed: up to ${SHADOWS_MAX} different ids of bundles (name@digest12), separated by commas`;
  if (ids.length > SHADOWS_MAX || ids.some((id) => !BUNDLE_ID.test(id))) throw new RangeError(allowed);
  if (new Set(ids.map(digestOfId)).size < ids.length) throw new RangeError(allowed);
  return ids;
}

/** The first 12 hex digits of a bundle's digest, with which its id ends. */
export function digestOfId(id: string): string {
  return id.slice(-12);
}

/** What one bundle said of a video, as far as comparisons need it. */
export const ShortVerdictSchema = VerdictSchema.pick({ label: true, reason: true, score: true });
export type ShortVerdict = Readonly<z.infer<typeof ShortVerdictSchema>>;

/** One video: what the shadow said, and what each bundle said whose verdict clients saw. */
export const ComparisonSchema = z.object({
  job: JobIdSchema,
  run: z.int().min(1),
  /** When they were compared, ms by the clock of Redis. */
  at: z.number(),
  shadow: ShortVerdictSchema,
  served: z.array(z.object({ bundle: z.string(), verdict: ShortVerdictSchema })),
});
export type Comparison = Readonly<z.infer<typeof ComparisonSchema>>;

/** Comparisons that are kept of each shadow, the latest ones. */
export const COMPARISONS_KEPT = 2_000;

/** Jobs that are named because bundles differ about them most. */
export const MOST_DIFFERING_MAX = 20;

const ShareSchema = z.number().min(0).max(1);
const DifferenceSchema = z.number().min(-1).max(1);

const AgainstSchema = z.object({
  bundle: z.string().describe('The bundle whose verdicts clients saw.'),
  videos: z.int().describe('Compared with it.'),
  from: TimeSchema.describe('When the oldest of these comparisons was made.'),
  to: TimeSchema,
  sameVerdict: z.int().describe('Videos of which both have the same label.'),
  agreement: ShareSchema.describe('Their share of all.'),
  confusion: z
    .array(z.object({ served: VerdictSchema.shape.label, shadow: VerdictSchema.shape.label, videos: z.int() }))
    .describe('How many videos have which pair of labels; pairs that did not occur are left out.'),
  scoreDifference: z
    .object({
      videos: z.int().describe('Of which both bundles have a score.'),
      mean: DifferenceSchema,
      meanAbsolute: ShareSchema,
      p5: DifferenceSchema,
      p25: DifferenceSchema,
      p50: DifferenceSchema,
      p75: DifferenceSchema,
      p95: DifferenceSchema,
    })
    .nullable()
    .describe('The score of the shadow less that of the served bundle. Null where no video has both.'),
  mostDiffering: z
    .array(
      z.object({
        job: JobIdSchema,
        run: z.int().min(1),
        at: TimeSchema,
        served: ShortVerdictSchema,
        shadow: ShortVerdictSchema,
        difference: DifferenceSchema.nullable(),
      }),
    )
    .describe(
      `Up to ${MOST_DIFFERING_MAX} jobs: other labels first, then by how far the scores lie apart, then the latest.`,
    ),
});
export type Against = z.infer<typeof AgainstSchema>;

/** `GET /v1/models/{id}/disagreements`. */
export const DisagreementsSchema = z.object({
  model: z.string(),
  isShadow: z.boolean().describe('Whether STYLEFLOW_SHADOW_BUNDLES of this API names it now.'),
  trained: z.boolean().describe('A bundle that is not claims no verdict: only scores can be compared.'),
  waiting: z.int().describe('Videos that have ended and that it has not scored yet.'),
  missed: z
    .object({
      skipped: z.int().describe('Too many videos or clips waited already.'),
      expired: z.int().describe('The deadline came first.'),
      incomplete: z.int().describe('It scored less than four fifths of the clips.'),
    })
    .describe('Videos that could not be compared; forgotten after 30 days without another.'),
  against: z
    .array(AgainstSchema)
    .describe(`By served bundle, of the latest ${COMPARISONS_KEPT} videos that still exist.`),
});
export type Disagreements = z.infer<typeof DisagreementsSchema>;
