import { z } from 'zod';

/**
 * In what numbers the networks of a bundle compute: floats, halves, or for the content network whole numbers of 8 bits
 * (workers without a card alone).
 */
export const PrecisionSchema = z.enum(['fp32', 'fp16', 'int8']);
export type Precision = z.infer<typeof PrecisionSchema>;
