import {
  type GivenOptions,
  type JobOptions,
  keepsPreview,
  METADATA_MAX_BYTES,
  type Source,
  variantsOf,
} from '@styleflow/contracts';

type Cut = Pick<JobOptions, 'maxFrames' | 'sampling' | 'faces' | 'detection'>;

/**
 * What a job takes over of the options of the one that it scores again, beneath what is given: those that decide which clips are cut. It keeps
 * no second preview of the same video unless it is asked to.
 */
export function inheritedOptions({ maxFrames, sampling, faces, detection }: Cut): GivenOptions {
  return { maxFrames, sampling, faces, detection, preview: false };
}

/** Whether the same clips are cut of a video under both options, by the same rules. */
export function isCutAlike(one: Cut, other: Cut): boolean {
  return (
    one.maxFrames === other.maxFrames &&
    one.sampling === other.sampling &&
    one.faces === other.faces &&
    one.detection === other.detection
  );
}

/** What a job makes of the video itself, so that clips which were kept do not serve it. */
type OfVideo = Pick<JobOptions, 'keepSource' | 'preview' | 'stability'>;

/** Whether a job keeps or shows the video, or scores re-encoded clips: it has to decode, whatever clips there are. */
export function needsVideo(options: OfVideo, source: Pick<Source, 'type'>): boolean {
  return options.keepSource || keepsPreview(options, source) || variantsOf(options).length > 0;
}

type Metadata = Readonly<Record<string, unknown>>;

/** What is known of the video, and over it what is given; together no more than a job may have, else what is given and the file's name. */
export function inheritedMetadata(earlier: Metadata, given: Metadata): Metadata {
  const both = { ...earlier, ...given };
  if (Buffer.byteLength(JSON.stringify(both)) <= METADATA_MAX_BYTES) return both;
  return { ...(typeof earlier.file === 'string' && { file: earlier.file }), ...given };
}
