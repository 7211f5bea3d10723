import { BoxSchema, type ClipRef } from '@styleflow/contracts';
import { type ObjectStore, readSealedJson, sealJson } from '@styleflow/storage';
import { z } from 'zod';
import { framesKeyOf } from './clip-keys.js';

const PointSchema = z.tuple([z.number(), z.number()]);

/**
 * Where the face is in each covered frame of a clip that is kept: 32 entries in each list, or 16 to 31 of a padded clip, whose
 * other crops are mirrored.
 */
export const ClipFramesSchema = z
  .object({
    v: z.literal(1),
    frames: z.array(z.int().min(0)).describe('Counted from 0 in presentation order.'),
    seconds: z.array(z.number()).describe("From the first frame's time stamp."),
    boxes: z.array(BoxSchema),
    points: z
      .array(z.tuple([PointSchema, PointSchema, PointSchema, PointSchema, PointSchema]))
      .describe('Viewer-left eye, viewer-right eye, nose, mouth corners, in pixels of the crop.'),
    measured: z
      .array(z.boolean())
      .describe('False: box and points are interpolated between frames in which they were found.'),
  })
  .refine(
    ({ frames, seconds, boxes, points, measured }) =>
      [seconds, boxes, points, measured].every(({ length }) => length === frames.length),
    { message: 'its lists are not equally long' },
  );
export type ClipFrames = z.infer<typeof ClipFramesSchema>;

/** As it is stored. */
export function printClipFrames(frames: ClipFrames): string {
  return sealJson(frames);
}

/**
 * Null when there is none: the clip is not kept, or was cut by a version that kept none.
 * @throws JobError known to `isDamagedObject` when what is stored is not what was written.
 */
export function readClipFrames(store: Pick<ObjectStore, 'get'>, clip: ClipRef): Promise<ClipFrames | null> {
  return readSealedJson(store, framesKeyOf(clip), (value) => ClipFramesSchema.parse(value));
}
