import { z } from 'zod';
import { CalibratedOnSchema, CalibrationSchema, StyleBandSchema, ThresholdsSchema } from './calibration.js';
import { JobIdSchema, TimeSchema } from './job.js';
import { CombineSchema, DetectionSchema, JobOptionsSchema } from './job-options.js';
import { readUnknownAs } from './newer-words.js';
import { PrecisionSchema } from './precision.js';
import {
  CutsSchema,
  NotesSchema,
  PreparedClipSchema,
  PreparedTrackSchema,
  PreviewSchema,
  VideoFactsSchema,
  WholeFrameSchema,
} from './prepared.js';
import { StabilitySchema } from './stability.js';
import { VerdictSchema } from './verdict.js';

/** A result of up to this many clips holds their style flow and attention; a larger one only links to them, by clip. */
export const INLINE_CLIPS_MAX = 16;

export const ResultClipSchema = PreparedClipSchema.extend({
  logit: z.number().nullable().describe('Null for a clip that could not be scored.'),
  score: z.number().min(0).max(1).nullable(),
  picture: z.string(),
  details: z.string(),
  styleFlow: z.array(z.array(z.number())).optional(),
  attention: z.array(z.array(z.number())).optional(),
});
export type ResultClip = z.infer<typeof ResultClipSchema>;

export const ResultFaceSchema = PreparedTrackSchema.omit({ clips: true }).extend({
  rank: z.int().min(1).describe('1 = most screen time.'),
  score: z.number().min(0).max(1).nullable(),
  clips: z.array(ResultClipSchema),
});
export type ResultFace = z.infer<typeof ResultFaceSchema>;

export const ResultFrameSchema = WholeFrameSchema.extend({ picture: z.string() });

export const ResultModelSchema = z.object({
  bundle: z.string(),
  digest: z.string(),
  variant: z.enum(['content', 'style-content', 'custom']),
  precision: PrecisionSchema,
  trained: z.boolean(),
  calibration: CalibrationSchema.optional().describe('How logits became scores. Absent in results of older versions.'),
  thresholds: ThresholdsSchema.optional(),
  calibratedOn: CalibratedOnSchema.optional().describe(
    'The labelled videos on which threshold and calibration were measured. Absent: they were measured on none.',
  ),
  styleBand: StyleBandSchema.optional().describe(
    'Where the style flow of the real videos of the calibration run lay. Absent: it was not measured.',
  ),
  provider: z.string().nullable().describe('Null when no clip was scored.'),
  graph: z
    .string()
    .nullable()
    .optional()
    .describe(
      'The graph of the bundle that scored the clips: a bundle may have forms of it by provider. Absent in results of older versions.',
    ),
  runtime: z
    .string()
    .nullable()
    .optional()
    .describe(
      'Name and version of what ran the graph; null when no clip was scored. Absent in results of older versions.',
    ),
  batchSize: z.int().min(1).nullable().describe('Largest tensor batch that scored a clip of this job.'),
});

/** Why a bundle gave no opinion. */
export const LEFT_OUT = ['no_workers', 'clips_failed'] as const;

/** What one of several bundles says of a video. */
export const OpinionSchema = z.object({
  model: ResultModelSchema,
  verdict: VerdictSchema.optional().describe('Absent of a bundle that was left out.'),
  partial: z.boolean().describe('As of the result, for this bundle.'),
  stability: StabilitySchema.optional().describe('As of the result, for this bundle.'),
  leftOut: z
    .object({
      reason: readUnknownAs(LEFT_OUT, 'clips_failed', z.enum(LEFT_OUT)).describe(
        '`no_workers`: nobody served it for longer than the outage budget. `clips_failed`: more than a fifth of the clips could not be scored.',
      ),
      message: z.string(),
    })
    .optional(),
  faces: z.array(
    z.object({
      track: z.int().min(0),
      score: z.number().min(0).max(1).nullable(),
      clips: z.array(
        z.object({
          index: z.int().min(0),
          logit: z.number().nullable(),
          score: z.number().min(0).max(1).nullable(),
        }),
      ),
    }),
  ),
});
export type Opinion = z.infer<typeof OpinionSchema>;

/** How the opinions became one verdict. Bundles are named by their ids. */
export const CombinedSchema = z.object({
  rule: CombineSchema,
  votes: z.array(z.object({ bundle: z.string(), label: z.enum(['fake', 'real']) })),
  abstained: z
    .array(z.string())
    .describe('Untrained bundles, those whose own verdict is inconclusive, and those that were left out.'),
  disagreed: z.array(z.string()).describe('Those that voted otherwise than what came out; at a tie all that voted.'),
  clippedTo: z
    .tuple([z.number(), z.number()])
    .optional()
    .describe('With `mean`: scores beyond these bounds count as the bounds, so that none decides alone.'),
});
export type Combined = z.infer<typeof CombinedSchema>;

const AnalysisOptionsSchema = JobOptionsSchema.pick({
  maxFrames: true,
  sampling: true,
  faces: true,
  detection: true,
  stability: true,
});

export const ResultSchema = z.object({
  job: JobIdSchema,
  rescoreOf: JobIdSchema.optional().describe('The earlier job whose video was judged again.'),
  verdict: VerdictSchema,
  partial: z.boolean().describe('True when some clips (at most a fifth) could not be scored.'),
  faces: z.array(ResultFaceSchema),
  cuts: CutsSchema.optional(),
  frames: z
    .array(ResultFrameSchema)
    .optional()
    .describe('Whole frames, small, in which the faces can be told apart. Absent in results of older versions.'),
  preview: PreviewSchema.extend({ video: z.string().describe('Where it is, until the retention of media is over.') })
    .nullable()
    .optional()
    .describe(
      'A small video of what was looked at. Null where it could not be made, absent where it was not wanted (options.preview).',
    ),
  video: VideoFactsSchema,
  model: ResultModelSchema,
  pipeline: z.object({
    version: z.string(),
    preprocessing: z.string(),
    detection: DetectionSchema.optional().describe('Absent in results of older versions, which were `dense`.'),
    detector: z
      .string()
      .optional()
      .describe("SHA-256 over the face detector's files. Absent in results of older versions, as the next two."),
    ffmpeg: z.string().optional().describe('The version of the decoder, in its own words.'),
    options: AnalysisOptionsSchema.optional().describe('What decides the numbers beside the bundle, as it was chosen.'),
  }),
  timings: z.object({
    createdAt: TimeSchema,
    startedAt: TimeSchema.nullable(),
    finishedAt: TimeSchema,
    steps: z.record(z.string(), z.number()).describe('Seconds per step of the prepare stage.'),
  }),
  opinions: z
    .array(OpinionSchema)
    .optional()
    .describe(
      'With `options.bundles`: of each bundle, in that order. `verdict` is then the combined one; `faces` and `model` are those of the first bundle that was not left out.',
    ),
  combined: CombinedSchema.optional(),
  stability: StabilitySchema.optional().describe(
    'With `options.stability`: the scores after mild re-encodings. With several bundles that of the first that was not left out.',
  ),
  notes: NotesSchema.optional().describe(
    'What was odd about the video: frames that could not be decoded; frames missing against its header; further video streams, not looked at; a jump of its time stamps, which ends tracks; an impossible rate or duration in its header. Absent in results of older versions.',
  ),
});
export type Result = z.infer<typeof ResultSchema>;
