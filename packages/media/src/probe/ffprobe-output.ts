import { z } from 'zod';

/** A number that ffprobe prints as text; null for `N/A`, `nan` and what is absent. */
const numeric = z
  .union([z.string(), z.number()])
  .optional()
  .transform((value) =>
    value === undefined || value === '' || !Number.isFinite(Number(value)) ? null : Number(value),
  );

/** `30000/1001` or, for aspects, `4:3`; null unless both parts are positive. */
const ratio = z
  .string()
  .optional()
  .transform((text) => {
    const [over, under] = (text ?? '').split(/[/:]/).map(Number);
    return over !== undefined && under !== undefined && over > 0 && under > 0 ? over / under : null;
  });

const flag = z.number().default(0);

/** How a player must turn the picture, as the container or the picture itself has it. */
const sideData = z.array(z.object({ displaymatrix: z.string().optional() })).default([]);

const stream = z.object({
  index: z.number().int().nonnegative(),
  /** The stream's own number in the container, as `0x1e0`. */
  id: z.string().optional(),
  codec_type: z.string().optional(),
  codec_name: z.string().default('unknown'),
  pix_fmt: z.string().optional(),
  width: z.number().int().default(0),
  height: z.number().int().default(0),
  sample_aspect_ratio: ratio,
  avg_frame_rate: ratio,
  r_frame_rate: ratio,
  nb_frames: numeric,
  duration: numeric,
  start_time: numeric,
  disposition: z
    .object({ default: flag, attached_pic: flag, still_image: flag, timed_thumbnails: flag })
    .partial()
    .default({}),
  side_data_list: sideData,
});

/** A decoded picture, or a piece of sound. */
const frame = z.object({ stream_index: z.number().int().nonnegative().optional(), side_data_list: sideData });

/** The parts of `ffprobe -of json -show_entries …` that this product reads. */
const ffprobeOutput = z.object({
  streams: z.array(stream).default([]),
  frames: z.array(frame).default([]),
  format: z.object({ duration: numeric, start_time: numeric }).prefault({}),
});

export type FfprobeStream = z.output<typeof stream>;
export type FfprobeFrame = z.output<typeof frame>;
export type FfprobeOutput = z.output<typeof ffprobeOutput>;

export const FRAME_ENTRIES = 'frame=stream_index:frame_side_data=displaymatrix';

/** What ffprobe is asked for: only what the schema reads, so that tags and chapters cannot fill the output. */
export const FFPROBE_ENTRIES = [
  'format=duration,start_time',
  'stream=index,id,codec_type,codec_name,pix_fmt,width,height,sample_aspect_ratio,avg_frame_rate,r_frame_rate,nb_frames,duration,start_time',
  'stream_disposition=default,attached_pic,still_image,timed_thumbnails',
  'stream_side_data=displaymatrix',
  FRAME_ENTRIES,
].join(':');

/** @returns null where ffprobe gave up on the file, so that its output is cut off or empty. */
export function parseOutput(stdout: string): FfprobeOutput | null {
  try {
    return ffprobeOutput.parse(JSON.parse(stdout));
  } catch {
    return null; // The caller reports it.
  }
}
