import { z } from 'zod';
import { DetectionSchema } from './job-options.js';

/** `[x1, y1, x2, y2]` in pixels of the displayed frame, after rotation and sample aspect. */
export const BoxSchema = z.tuple([z.number(), z.number(), z.number(), z.number()]);
export type Box = z.infer<typeof BoxSchema>;

/** First and last frame, counted from 0 in presentation order, both included. */
export const FrameRangeSchema = z.tuple([z.int().min(0), z.int().min(0)]);
/** Beginning and end in seconds, counted from the time stamp of the first frame. */
export const SecondsRangeSchema = z.tuple([z.number(), z.number()]);

export const PreparedClipSchema = z.object({
  index: z.int().min(0),
  frames: FrameRangeSchema,
  seconds: SecondsRangeSchema,
  padded: z.boolean(),
  sha256: z
    .string()
    .optional()
    .describe('Of its 32 aligned crops, RGB, frame by frame. Absent in results of older versions.'),
});

export const SampledBoxSchema = z.object({ frame: z.int().min(0), seconds: z.number(), box: BoxSchema });

/** How well a face could be seen, over the clips of its track. */
export const QualitySchema = z.object({
  faceWidth: z.number().describe('Median width of the face, in pixels of the displayed frame.'),
  sharpness: z
    .number()
    .describe(
      'Median over clips of the mean squared step of brightness from pixel to pixel, in the middle crop; 0: flat.',
    ),
  yaw: z
    .number()
    .describe(
      'Median over clips of how far the nose lies from the middle of the eyes, in distances of the eyes; 0: frontal.',
    ),
  pitch: z.number().describe('Median over clips of where the nose lies between eyes (0) and mouth (1).'),
});
export type Quality = z.infer<typeof QualitySchema>;

export const PreparedTrackSchema = z.object({
  /** Numbered from 0 in order of first appearance. The number never changes. */
  track: z.int().min(0),
  frames: FrameRangeSchema,
  frameCount: z.int().min(1).describe('Frames in which the face was tracked.'),
  framesUnused: z.int().min(0).describe('The tail that fills no clip.'),
  firstScore: z.number().min(0).max(1).describe("The detector's score in the track's first frame."),
  boxes: z.array(SampledBoxSchema),
  quality: QualitySchema.optional().describe('Absent without a clip, and in results of older versions.'),
  clips: z.array(PreparedClipSchema),
});
export type PreparedTrack = z.infer<typeof PreparedTrackSchema>;

export const VideoFactsSchema = z.object({
  sha256: z.string(),
  bytes: z.int().min(0),
  container: z.string(),
  codec: z.string(),
  width: z.int().min(1),
  height: z.int().min(1),
  rotation: z.number(),
  fps: z.number().nullable(),
  durationSeconds: z.number().nullable(),
  hasAudio: z.boolean(),
  framesUsed: z.int().min(0),
  mirrored: z.boolean().optional().describe('True for a picture that is stored mirrored; it is shown as players do.'),
  framesDamaged: z.int().min(0).describe('Frames that did not decode cleanly: patched by the decoder, or left out.'),
});
export type VideoFacts = z.infer<typeof VideoFactsSchema>;

/** What was odd about a video, beside the numbers that tell it. The list is closed. */
export const NOTES = [
  'frames_undecodable',
  'frames_missing',
  'streams_ignored',
  'time_gap',
  'rate_implausible',
] as const;
export type Note = (typeof NOTES)[number];
export const NotesSchema = z.array(z.enum(NOTES));

/** Whole frames that a run keeps as small pictures at most, so that people see which face is which. */
export const WHOLE_FRAMES_MAX = 8;
/** Cuts that an account names at most; a video that flickers has more than anyone can look at. */
export const CUTS_MAX = 1000;

export const CutsSchema = z
  .array(z.number())
  .describe(
    `Seconds at which another scene begins, or the time stamps jump: no face is followed across. The first ${CUTS_MAX}.`,
  );

/** A whole frame that is stored as a small picture, and whose face is where in it. */
export const WholeFrameSchema = z.object({
  frame: z.int().min(0),
  seconds: z.number(),
  boxes: z.array(z.object({ track: z.int().min(0), box: BoxSchema })),
});
export type WholeFrame = z.infer<typeof WholeFrameSchema>;

/** What the prepare stage found in one run. It is stored when decoding has ended, and `finish` decides by it. */
export const PreparedSchema = z.object({
  v: z.literal(1),
  video: VideoFactsSchema,
  tracks: z.array(PreparedTrackSchema),
  /** Absent in accounts of the version before. */
  notes: NotesSchema.optional(),
  /** Absent in accounts of older versions, as `frames` is. */
  cuts: CutsSchema.optional(),
  frames: z.array(WholeFrameSchema).optional(),
  /** Seconds by step of the stage. */
  steps: z.record(z.string(), z.number()),
  /** Absent in accounts of the version before, whose every frame was looked at. */
  detection: DetectionSchema.optional(),
  preprocessing: z.string().describe('Digest of everything that decides the pixels of a clip.'),
  /** Absent in accounts of the version before, as the next. */
  detector: z.string().optional(),
  ffmpeg: z.string().optional(),
});
export type Prepared = z.infer<typeof PreparedSchema>;
