import {
  CalibratedConditionsSchema,
  CalibratedOnSchema,
  CalibrationSchema,
  ErrorCodeSchema,
  QualitySchema,
  ThresholdsSchema,
  VerdictSchema,
  VIDEO_FACTS,
} from '@styleflow/contracts';
import { z } from 'zod';
import { PROTOCOL_NAMES } from '../protocols/protocols.js';

/** One line of `videos.ndjson`: a labelled video and, once it has ended, what became of it. */
export const LabelledVideoSchema = z.object({
  id: z.string(),
  source: z.string(),
  isFake: z.boolean(),
  dataset: z.string(),
  method: z.string().nullable(),
  split: z.string().nullable(),
  compression: z.string().nullable(),
});

export const RunFaceSchema = z.object({
  track: z.int(),
  rank: z.int(),
  frames: z.tuple([z.int(), z.int()]),
  firstScore: z.number(),
  logits: z.array(z.number().nullable()),
  quality: QualitySchema.optional(),
});

/** Of a clip, by groups of style layers, as `styleMeans` gives them. */
const StyleMeansSchema = z.object({
  coarse: z.number().nullable(),
  middle: z.number().nullable(),
  fine: z.number().nullable(),
});

export const OutcomeSchema = z.object({
  id: z.string(),
  /** Under which change the video was scored (`h264-2`); absent for the video as it is. */
  perturbation: z.string().optional(),
  status: z.enum(['succeeded', 'failed', 'canceled']),
  job: z.string().nullable(),
  errorCode: ErrorCodeSchema.nullable(),
  verdict: VerdictSchema.nullable(),
  sha256: z.string().nullable(),
  faces: z.array(RunFaceSchema),
  /** Of some clips of a real video, scored by a style bundle. Absent of other videos, and in runs of older versions. */
  styleMeans: z.array(StyleMeansSchema).optional(),
  quality: z.record(z.enum(VIDEO_FACTS), z.number().nullable()).nullable(),
});
export type Outcome = Readonly<z.infer<typeof OutcomeSchema>>;

/** What scored the run: the same for all of its videos. */
export const ServedSchema = z.object({
  bundle: z.string(),
  digest: z.string(),
  variant: z.string(),
  trained: z.boolean(),
  calibration: CalibrationSchema,
  threshold: z.number(),
  thresholds: ThresholdsSchema.optional(),
  calibratedOn: CalibratedOnSchema.optional(),
  provider: z.string().nullable(),
  version: z.string(),
  conditions: CalibratedConditionsSchema,
});
export type Served = Readonly<z.infer<typeof ServedSchema>>;

/** `run.json`. */
export const RunSchema = z.object({
  v: z.literal(1),
  id: z.string(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
  protocol: z.enum(PROTOCOL_NAMES),
  /** In what the run departs from the protocol whose name it bears. */
  departures: z.array(z.string()),
  options: CalibratedConditionsSchema.shape.options,
  seed: z.int(),
  data: z.object({
    input: z.string(),
    /** Of the list: ids, labels, sizes and times of change. */
    digest: z.string(),
    videos: z.int(),
    fakes: z.int(),
    reals: z.int(),
    notes: z.array(z.string()),
  }),
  /** Null until the first video has a result. */
  served: ServedSchema.nullable(),
});
export type Run = Readonly<z.infer<typeof RunSchema>>;
