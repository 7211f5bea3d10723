import { BUNDLE_NAME_PATTERN, CLIP_FRAMES } from '@styleflow/contracts';
import { z } from 'zod';
import { type FrameLayout, LAYOUT_RULE, parseLayout } from './frame-layout.js';
import { type AllowedFields, parseDescriptor, perColour, readDescriptor } from './read-descriptor.js';

const SHORTEST_SIDE = 8;
const LONGEST_SIDE = 1024;

const FramesSchema = z
  .strictObject({
    count: z.int().min(1).max(CLIP_FRAMES).describe('How many of the 32 frames of a clip the model sees.'),
    pick: z
      .enum(['even', 'first', 'stride'])
      .default('even')
      .describe('even: the middles of `count` equal spans; first: frames 0, 1, 2 …; stride: start, start + stride …'),
    start: z
      .int()
      .min(0)
      .max(CLIP_FRAMES - 1)
      .default(0)
      .describe('With pick "stride" only.'),
    stride: z.int().min(1).max(CLIP_FRAMES).default(1).describe('With pick "stride" only.'),
  })
  .refine(
    ({ count, pick, start, stride }) => pick !== 'stride' || start + (count - 1) * stride < CLIP_FRAMES,
    `start + (count − 1)·stride must stay below ${CLIP_FRAMES}`,
  );

const OutputSchema = z.strictObject({
  name: z.string().optional().describe('Which output; not needed when the model has one.'),
  kind: z
    .enum(['logit', 'probability', 'logits2', 'probabilities2'])
    .describe('One number a score (before or after the sigmoid), or two (before or after the softmax).'),
  fakeIndex: z
    .union([z.literal(0), z.literal(1)], 'allowed: 0 or 1')
    .default(1)
    .describe('The class that means fake. With one number a score: 1 when high means fake, 0 when high means real.'),
});

const CalibrationSchema = z.strictObject({ a: z.number(), b: z.number() });

const FieldsSchema = z.strictObject({
  name: z
    .string()
    .regex(BUNDLE_NAME_PATTERN, 'lower-case letters, digits, dots, dashes, at most 63')
    .optional()
    .describe("The bundle's name."),
  input: z.string().optional().describe('Which input takes the pictures; not needed when the model has one.'),
  layout: z
    .string()
    .transform((text, context): FrameLayout & { readonly text: string } => {
      const layout = parseLayout(text);
      if (layout) return { ...layout, text };
      context.addIssue(`"${text}" is no layout; allowed: ${LAYOUT_RULE}`);
      return z.NEVER;
    })
    .describe(LAYOUT_RULE),
  frames: z
    .union([z.int().min(1).max(CLIP_FRAMES), FramesSchema], `a count from 1 to ${CLIP_FRAMES} or {count, pick, …}`)
    .default(CLIP_FRAMES)
    .transform((frames) => (typeof frames === 'number' ? FramesSchema.parse({ count: frames }) : frames))
    .describe('The frames that the model sees.'),
  size: z
    .tuple([z.int().min(SHORTEST_SIDE).max(LONGEST_SIDE), z.int().min(SHORTEST_SIDE).max(LONGEST_SIDE)])
    .describe('[height, width] of the pictures that the model sees.'),
  crop: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .describe('Share of the side of the aligned 256 × 256 crop that is kept, about its centre, before the resize.'),
  resize: z
    .enum(['bicubic', 'bilinear', 'bilinear-opencv', 'nearest'])
    .default('bicubic')
    .describe("bicubic, bilinear, nearest: Pillow's (antialiased but for nearest); bilinear-opencv: not antialiased."),
  colour: z.enum(['RGB', 'BGR']).default('RGB').describe('Colour order.'),
  scale: z.enum(['0..1', '0..255', '-1..1']).default('0..1').describe('What bytes 0..255 become.'),
  mean: perColour(z.number()).default([0, 0, 0]).describe('Taken off after `scale`.'),
  std: perColour(z.number().gt(0)).default([1, 1, 1]).describe('Divided by after `mean`.'),
  output: OutputSchema,
  aggregate: z
    .enum(['mean-logit', 'mean-probability'])
    .default('mean-logit')
    .describe('How the scores of the frames become one of the clip; for models that see single pictures.'),
  threshold: z.number().min(0).max(1).default(0.5).describe('Lowest job score that is called fake.'),
  calibration: CalibrationSchema.default({ a: 1, b: 0 }).describe('score = σ(a·logit + b).'),
  trained: z.boolean().default(true).describe('False: such a bundle never calls a video fake or real.'),
});

/** What a foreign clip classifier takes and gives: how bytes become its input, and how its output becomes a logit. */
export type ClipDescriptor = z.infer<typeof FieldsSchema>;

const ALLOWED_FIELDS: AllowedFields = {
  '': Object.keys(FieldsSchema.shape),
  frames: Object.keys(FramesSchema.shape),
  output: Object.keys(OutputSchema.shape),
  calibration: Object.keys(CalibrationSchema.shape),
};

/** @throws JobError `invalid_request` that names each wrong field and what is allowed. */
export function parseClipDescriptor(value: unknown): ClipDescriptor {
  return parseDescriptor(FieldsSchema, ALLOWED_FIELDS, value);
}

/** Reads the JSON file. @throws JobError `invalid_request` when it cannot be read or is not valid. */
export async function readClipDescriptor(path: string): Promise<ClipDescriptor> {
  return parseClipDescriptor(await readDescriptor(path));
}

/** Indices of the frames that the model sees, in order, 0 to 31. */
export function pickedFrames({ count, pick, start, stride }: ClipDescriptor['frames']): number[] {
  const pickOne = {
    even: (index: number) => Math.floor(((index + 0.5) * CLIP_FRAMES) / count),
    first: (index: number) => index,
    stride: (index: number) => start + index * stride,
  }[pick];
  return Array.from({ length: count }, (_, index) => pickOne(index));
}
