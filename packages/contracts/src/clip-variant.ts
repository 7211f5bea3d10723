import { z } from 'zod';

/**
 * The mild re-encodings of a clip that a stable verdict outlives: H.264 at a usual rate; half the size and back. Their names stand in
 * keys, payloads and results.
 */
export const CLIP_VARIANTS = ['h264', 'half'] as const;
export const ClipVariantSchema = z.enum(CLIP_VARIANTS);
export type ClipVariant = z.infer<typeof ClipVariantSchema>;
