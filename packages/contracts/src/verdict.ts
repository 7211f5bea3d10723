import { z } from 'zod';
import { readUnknownAs } from './newer-words.js';

export const LABELS = ['fake', 'real', 'inconclusive'] as const;

export const REASONS = ['no_face', 'face_too_short', 'untrained_bundle'] as const;

export const VerdictSchema = z.object({
  label: z.enum(LABELS),
  reason: readUnknownAs(REASONS, undefined, z.enum(REASONS).optional())
    .optional()
    .describe('Why the label is inconclusive.'),
  score: z.number().min(0).max(1).nullable().describe('The highest track score; null when no clip could be cut.'),
  threshold: z.number().min(0).max(1),
});
export type Verdict = z.infer<typeof VerdictSchema>;
