import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  CalibratedOnSchema,
  CalibrationSchema,
  RangesSchema,
  StyleBandSchema,
  ThresholdsSchema,
} from './calibration.js';
import { CLIP_FRAMES, CLIP_SIZE } from './clip-score.js';
import { PrecisionSchema } from './precision.js';

const Sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in lower-case hex');

/** Path of a file, relative to the bundle's folder. It cannot lead outside. */
const BundlePathSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/, 'a plain relative path');

export const BUNDLE_NAME_PATTERN = /^[a-z0-9][a-z0-9._-]{0,62}$/;

/** How a content network was brought to whole numbers of 8 bits. */
export const Int8FactsSchema = z.object({
  weightBits: z
    .union([z.literal(7), z.literal(8)])
    .describe('8: only a processor with VNNI adds such products up without cutting them off.'),
  rangeClips: z.int().min(1).describe('Clips that the ranges of values come from.'),
  heldOutClips: z.int().min(1).describe('Other clips, on which logits were compared with fp32.'),
  logitMovement: z
    .object({ largest: z.number().min(0), mean: z.number().min(0) })
    .describe('How far the logits of the held-out clips lie from those of fp32.'),
});
export type Int8Facts = Readonly<z.infer<typeof Int8FactsSchema>>;

/** `bundle.json`: what a model bundle says of itself. */
export const ModelBundleSchema = z
  .object({
    format: z.literal(1),
    name: z.string().regex(BUNDLE_NAME_PATTERN),
    /** `parts` holds single networks, which no worker serves. */
    variant: z.enum(['content', 'style-content', 'custom', 'parts']),
    trained: z.boolean(),
    precision: PrecisionSchema,
    int8: Int8FactsSchema.optional().describe('Of the precision `int8` alone.'),
    clip: z.object({ frames: z.literal(CLIP_FRAMES), size: z.literal(CLIP_SIZE) }),
    threshold: z.number().min(0).max(1),
    calibration: CalibrationSchema.describe('score = σ(a·logit + b), or the points of a rising line.'),
    thresholds: ThresholdsSchema.optional().describe(
      'Between them nothing is said; `threshold` is then that for fakes.',
    ),
    ranges: RangesSchema.optional().describe('What the calibration covers; absent: unknown.'),
    calibratedOn: CalibratedOnSchema.optional().describe('Absent: threshold and calibration were measured on nothing.'),
    styleBand: StyleBandSchema.optional().describe(
      'Where the style flow of the real videos of the calibration run lay.',
    ),
    graph: BundlePathSchema.describe('The graph that workers run; absent of the variant `parts` alone.').optional(),
    graphs: z
      .record(z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'the name of an execution provider'), BundlePathSchema)
      .describe(
        'By execution provider: the form of the graph that it runs instead, over the same weights and with the same numbers.',
      )
      .optional(),
    parts: z.array(BundlePathSchema).optional(),
    bytesPerClip: z.int().min(0).describe('Estimated device memory per clip of a tensor batch, beyond the weights.'),
    files: z.record(BundlePathSchema, Sha256Schema),
    source: z.array(z.object({ file: z.string(), sha256: Sha256Schema, role: z.string() })),
    createdAt: z.iso.datetime(),
  })
  .refine(({ variant, graph }) => (variant === 'parts') === (graph === undefined), {
    message: 'every variant but `parts` has a graph',
    path: ['graph'],
  })
  .refine(({ precision, int8 }) => (precision === 'int8') === (int8 !== undefined), {
    message: 'the precision `int8`, and it alone, comes with how it was reached',
    path: ['int8'],
  })
  .refine(({ graph, files }) => graph === undefined || Object.hasOwn(files, graph), {
    message: 'the graph is not among the files',
    path: ['graph'],
  })
  .refine(({ graph, graphs = {} }) => graph !== undefined || Object.keys(graphs).length === 0, {
    message: 'a bundle without a graph has no forms of it',
    path: ['graphs'],
  })
  .refine(({ graphs = {}, files }) => Object.values(graphs).every((path) => Object.hasOwn(files, path)), {
    message: 'a form of the graph is not among the files',
    path: ['graphs'],
  })
  .refine(({ threshold, thresholds }) => thresholds === undefined || thresholds.fake === threshold, {
    message: 'the threshold is that for fakes',
    path: ['thresholds'],
  })
  .refine(({ parts = [], files }) => parts.every((part) => Object.hasOwn(files, part)), {
    message: 'a part is not among the files',
    path: ['parts'],
  });
export type ModelBundle = z.infer<typeof ModelBundleSchema>;

/**
 * The digest of a bundle: SHA-256 over the names and digests of its files, in the order of names. It depends on the
 * files alone, so a bundle written again, elsewhere and later, has the same digest.
 */
export function bundleDigest(files: Readonly<Record<string, string>>): string {
  const hash = createHash('sha256');
  for (const [path, sha256] of Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`${path}\0${sha256}\n`);
  return hash.digest('hex');
}

/** `name@digest12`. */
export function bundleId(name: string, digest: string): string {
  return `${name}@${digest.slice(0, 12)}`;
}
