import {
  type HeadThresholds,
  HeadThresholdsSchema,
  MOST_STRIDES,
  ScoreKindSchema,
  SeenSizeSchema,
  StridesSchema,
} from '@styleflow/bundles';
import { z } from 'zod';
import { type AllowedFields, parseDescriptor, perColour, readDescriptor } from '../foreign/read-descriptor.js';

/** The layout of a detector's heads, which says how their numbers are read. */
export type DetectorFamily = 'yunet' | 'scrfd';
/** What one output gives for each cell of a stride's grid. */
export type HeadRole = 'scores' | 'objectness' | 'boxes' | 'points';

/** Numbers for one proposal: a score, four of a box, two for each of the five alignment points. */
export const HEAD_WIDTHS: Readonly<Record<HeadRole, number>> = { scores: 1, objectness: 1, boxes: 4, points: 10 };
/** The outputs of each family in the order in which models list them: one role at all strides, then the next role. */
export const FAMILY_ROLES: Readonly<Record<DetectorFamily, readonly HeadRole[]>> = {
  yunet: ['scores', 'objectness', 'boxes', 'points'],
  scrfd: ['scores', 'boxes', 'points'],
};

const names = z.array(z.string()).min(1).max(MOST_STRIDES).optional();
const OutputsSchema = z.strictObject({ scores: names, objectness: names, boxes: names, points: names });
const GivenThresholdsSchema = z.strictObject(HeadThresholdsSchema.partial().shape);

const FieldsSchema = z.strictObject({
  family: z.enum(['yunet', 'scrfd']).describe('How the heads are read.'),
  input: z.string().optional().describe('Which input takes the pictures; not needed when the model has one.'),
  size: SeenSizeSchema.optional().describe('Default: what the model declares, else 640 × 640.'),
  pad: z.number().min(0).max(255).default(0).describe('Fills the right and the lower edge, before normalisation.'),
  colour: z.enum(['RGB', 'BGR']).optional().describe('Colour order.'),
  scale: z.enum(['0..1', '0..255', '-1..1']).default('0..255').describe('What bytes 0..255 become.'),
  mean: perColour(z.number()).optional().describe('Taken off after `scale`.'),
  std: perColour(z.number().gt(0)).optional().describe('Divided by after `mean`.'),
  strides: StridesSchema.default([8, 16, 32]).describe('Pixels of the network from cell to cell, one grid each.'),
  anchors: z.int().min(1).max(16).optional().describe('Proposals of each cell.'),
  outputs: OutputsSchema.default({}).describe('Names of the outputs by role, in the order of `strides`.'),
  scoreKind: ScoreKindSchema.default('probability').describe('Scores before or after the sigmoid.'),
  thresholds: GivenThresholdsSchema.default({}),
});

/** The preprocessing that a family's published models want, used where the descriptor says nothing. */
const DEFAULTS = {
  yunet: {
    colour: 'BGR',
    mean: [0, 0, 0],
    std: [1, 1, 1],
    anchors: 1,
    thresholds: { minScore: 0.6, startScore: 0.8, overlap: 0.3 },
  },
  scrfd: {
    colour: 'RGB',
    mean: [127.5, 127.5, 127.5],
    std: [128, 128, 128],
    anchors: 2,
    thresholds: { minScore: 0.5, startScore: 0.6, overlap: 0.4 },
  },
} as const;
const MAX_CANDIDATES = 5000;
const MAX_FACES = 750;

const DescriptorSchema = FieldsSchema.transform((given, context) => {
  const fallback = DEFAULTS[given.family];
  const { minScore = fallback.thresholds.minScore, overlap = fallback.thresholds.overlap } = given.thresholds;
  const thresholds: HeadThresholds = {
    minScore,
    startScore: given.thresholds.startScore ?? Math.max(minScore, fallback.thresholds.startScore),
    meanScore: given.thresholds.meanScore ?? minScore,
    overlap,
    maxCandidates: given.thresholds.maxCandidates ?? MAX_CANDIDATES,
    maxFaces: given.thresholds.maxFaces ?? MAX_FACES,
  };
  for (const key of ['startScore', 'meanScore'] as const) {
    if (thresholds[key] >= minScore) continue;
    context.addIssue({
      code: 'custom',
      path: ['thresholds', key],
      message: `must not be below minScore (${minScore})`,
    });
  }
  const unit = Math.max(...given.strides);
  if (given.size && given.size !== 'native' && given.size.some((length) => length % unit !== 0)) {
    context.addIssue({ code: 'custom', path: ['size'], message: `must be multiples of the largest stride (${unit})` });
  }
  const roles = FAMILY_ROLES[given.family];
  for (const [role, listed] of Object.entries(given.outputs)) {
    const path = ['outputs', role];
    if (!roles.some((known) => known === role)) {
      context.addIssue({ code: 'custom', path, message: `the family ${given.family} has ${roles.join(', ')} only` });
    } else if (listed?.length !== given.strides.length) {
      context.addIssue({ code: 'custom', path, message: `${given.strides.length} names are needed, one a stride` });
    }
  }
  return {
    ...given,
    colour: given.colour ?? fallback.colour,
    mean: given.mean ?? fallback.mean,
    std: given.std ?? fallback.std,
    anchors: given.anchors ?? fallback.anchors,
    thresholds,
  };
});

/** What a foreign face detector takes and gives, with the defaults of its family filled in. */
export type DetectorDescriptor = z.infer<typeof DescriptorSchema>;

const ALLOWED_FIELDS: AllowedFields = {
  '': Object.keys(FieldsSchema.shape),
  outputs: Object.keys(OutputsSchema.shape),
  thresholds: Object.keys(GivenThresholdsSchema.shape),
};

/** @throws JobError `invalid_request` that names each wrong field and what is allowed. */
export function parseDetectorDescriptor(value: unknown): DetectorDescriptor {
  return parseDescriptor(DescriptorSchema, ALLOWED_FIELDS, value);
}

/** Reads the JSON file. @throws JobError `invalid_request` when it cannot be read or is not valid. */
export async function readDetectorDescriptor(path: string): Promise<DetectorDescriptor> {
  return parseDetectorDescriptor(await readDescriptor(path));
}
