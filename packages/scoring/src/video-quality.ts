import type { PreparedTrack, VideoFact, VideoFacts } from '@styleflow/contracts';

/** What is known of a video beside its faces; null where its headers do not tell. */
export type VideoQuality = Readonly<Record<VideoFact, number | null>>;

/** The facts of a video that a calibration's ranges are compared with. They follow from what the result tells anyway. */
export function videoQuality(video: VideoFacts, tracks: readonly Pick<PreparedTrack, 'clips'>[]): VideoQuality {
  const { bytes, width, height, fps, durationSeconds } = video;
  const pixels = fps === null || durationSeconds === null ? 0 : fps * durationSeconds * width * height;
  return {
    fps,
    durationSeconds,
    // Of the whole file: sound is little beside pictures.
    bitsPerPixel: pixels > 0 ? (bytes * 8) / pixels : null,
    faces: tracks.length,
    clips: tracks.reduce((sum, { clips }) => sum + clips.length, 0),
  };
}
