/** What a video may ask of this machine. Each is a setting of the product; a video beyond one is refused, never shrunk. */
export interface MediaLimits {
  /** Longest and shortest side of the displayed (and of the stored) picture in pixels, whichever way round. */
  readonly maxLongSide: number;
  readonly maxShortSide: number;
  readonly maxDurationSeconds: number;
  /** Most frames that one read yields, whatever the caller asks for. */
  readonly maxFrames: number;
  /** Wall clock that ffmpeg may take for one read, without the time in which the consumer was busy. */
  readonly maxDecodeSeconds: number;
}

export const DEFAULT_MEDIA_LIMITS: MediaLimits = {
  maxLongSide: 4096,
  maxShortSide: 2304,
  maxDurationSeconds: 4 * 3600,
  maxFrames: 500_000,
  maxDecodeSeconds: 3600,
};

export function isPictureWithin(width: number, height: number, limits: MediaLimits): boolean {
  return Math.max(width, height) <= limits.maxLongSide && Math.min(width, height) <= limits.maxShortSide;
}

/** ffmpeg's own cap: decoders allocate whole macroblocks, so the coded picture may exceed the shown one by up to 64 a side. */
export function maxCodedPixels(limits: MediaLimits): number {
  return (limits.maxLongSide + 64) * (limits.maxShortSide + 64);
}
