import { z } from 'zod';
import { JobOptionsSchema } from './job-options.js';
import { PrecisionSchema } from './precision.js';

/** Most points of an isotonic calibration: each job keeps them. */
export const CALIBRATION_POINTS_MAX = 200;

/** Platt scaling: score = σ(a·logit + b). `{a: 1, b: 0}` changes nothing. */
export const PlattCalibrationSchema = z.object({ a: z.number(), b: z.number() });

/** Isotonic: `[logit, score]`, both rising; straight lines between the points, the first and last score beyond them. */
export const PointsCalibrationSchema = z.object({
  points: z
    .array(z.tuple([z.number(), z.number().min(0).max(1)]))
    .min(1)
    .max(CALIBRATION_POINTS_MAX)
    .refine(
      (points) =>
        points.every(([x, y], i) => i === 0 || (x > (points[i - 1]?.[0] ?? x) && y >= (points[i - 1]?.[1] ?? y))),
      'points rise: each logit above the one before, no score below it',
    ),
});

/** How logits become scores. */
export const CalibrationSchema = z.union([PlattCalibrationSchema, PointsCalibrationSchema]);
export type Calibration = Readonly<z.infer<typeof CalibrationSchema>>;

/** From `fake` on a score is called fake, below `real` it is called real; between them it is in doubt. */
export const ThresholdsSchema = z
  .object({ real: z.number().min(0).max(1), fake: z.number().min(0).max(1) })
  .refine(({ real, fake }) => real <= fake, 'real is not above fake');
export type Thresholds = Readonly<z.infer<typeof ThresholdsSchema>>;

/** What is measured of a video, and of each of its faces, to tell whether a calibration covers it. */
export const VIDEO_FACTS = ['fps', 'durationSeconds', 'bitsPerPixel', 'faces', 'clips'] as const;
export const FACE_FACTS = ['faceWidth', 'sharpness', 'yaw', 'pitch'] as const;
export type VideoFact = (typeof VIDEO_FACTS)[number];
export type FaceFact = (typeof FACE_FACTS)[number];
export type QualityFact = VideoFact | FaceFact;
export const QUALITY_FACTS: readonly QualityFact[] = [...VIDEO_FACTS, ...FACE_FACTS];

/** By fact the lowest and the highest value that the calibration run held. Facts of newer versions are kept, and not looked at. */
export const RangesSchema = z.record(z.string(), z.tuple([z.number(), z.number()]));
export type Ranges = Readonly<z.infer<typeof RangesSchema>>;

/** What was asked for and how clips were cut: a calibration holds for this alone. */
export const CalibratedConditionsSchema = z.object({
  options: z.object({
    maxFrames: JobOptionsSchema.shape.maxFrames.unwrap(),
    sampling: JobOptionsSchema.shape.sampling.unwrap(),
    faces: JobOptionsSchema.shape.faces.unwrap(),
    detection: JobOptionsSchema.shape.detection.unwrap(),
  }),
  preprocessing: z.string().describe('Digest of everything that decides the pixels of a clip.'),
  precision: PrecisionSchema,
});
export type CalibratedConditions = Readonly<z.infer<typeof CalibratedConditionsSchema>>;

/** Where a calibration and its threshold come from. */
export const CalibratedOnSchema = z.object({
  run: z.string().describe('The run of `styleflow evaluate`, by its id.'),
  date: z.string(),
  data: z.string().describe('The labelled videos, by the digest of their list.'),
  bundle: z.string().optional().describe('The bundle that scored the run.'),
  fakes: z.int().min(0).optional(),
  reals: z.int().min(0).optional(),
  method: z.string().optional().describe('How logits became scores, and how the threshold was chosen, in words.'),
  conditions: CalibratedConditionsSchema.optional(),
});

/** The 5th, 50th and 95th percentile. */
const BandSchema = z
  .tuple([z.number().min(0), z.number().min(0), z.number().min(0)])
  .refine(([low, middle, high]) => low <= middle && middle <= high, 'percentiles rise');

/** Where the style flow of real videos lay: by group of layers, of the clips' means over layers and steps (`styleMeans`). */
export const StyleBandSchema = z.object({
  groups: z
    .object({ coarse: BandSchema, middle: BandSchema, fine: BandSchema })
    .describe(
      'The 5th, 50th and 95th percentile of the mean of a clip. Each video counts once, however many clips it has.',
    ),
  videos: z.int().min(1).describe('Real videos that it was measured on.'),
  clips: z.int().min(1),
});
export type StyleBand = Readonly<z.infer<typeof StyleBandSchema>>;
