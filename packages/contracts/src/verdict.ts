import { z } from 'zod';
import { ThresholdsSchema } from './calibration.js';
import { readUnknownAs } from './newer-words.js';

export const LABELS = ['fake', 'real', 'inconclusive'] as const;

export const REASONS = [
  'no_face',
  'face_too_short',
  'untrained_bundle',
  'score_in_doubt',
  'outside_calibration',
  'unstable',
] as const;

/** In what a video, or the job that was asked for, differs from what the bundle was calibrated on. */
export const OutsideSchema = z.object({
  fact: z.string().describe('A fact of `quality`, an option, `preprocessing` or `precision`.'),
  track: z.int().min(0).optional().describe('Of which face; absent for the video or the job.'),
  value: z.union([z.number(), z.string()]).nullable().describe('Null where it could not be measured.'),
  range: z.tuple([z.number(), z.number()]).optional().describe('What the calibration covers.'),
  expected: z.union([z.number(), z.string()]).optional(),
});
export type Outside = Readonly<z.infer<typeof OutsideSchema>>;

export const VerdictSchema = z.object({
  label: z.enum(LABELS),
  reason: readUnknownAs(REASONS, undefined, z.enum(REASONS).optional())
    .optional()
    .describe('Why the label is inconclusive.'),
  score: z.number().min(0).max(1).nullable().describe('The highest track score; null when no clip could be cut.'),
  threshold: z.number().min(0).max(1),
  thresholds: ThresholdsSchema.optional().describe(
    'Of a bundle with two: from `fake` on fake, below `real` real, between them inconclusive.',
  ),
  outside: z
    .array(OutsideSchema)
    .optional()
    .describe('With the reason `outside_calibration`: in what, and by how much.'),
});
export type Verdict = z.infer<typeof VerdictSchema>;
