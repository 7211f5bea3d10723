/** How large a video may be. Each limit is a setting; a video beyond one is refused, not shrunk. */
export interface MediaLimits {
  /** Limits for the longer and the shorter side of the picture in pixels, both as displayed and as stored. */
  readonly maxLongSide: number;
  readonly maxShortSide: number;
  readonly maxDurationSeconds: number;
  /** Most frames that one read gives, whatever the caller asks for. */
  readonly maxFrames: number;
  /** How long one read may wait for ffmpeg in all; the time in which the consumer is busy does not count. */
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

/**
 * Limit for ffmpeg itself. Decoders fill whole blocks, so a side of the coded picture may be up to 64 pixels longer.
 */
export function maxCodedPixels(limits: MediaLimits): number {
  return (limits.maxLongSide + 64) * (limits.maxShortSide + 64);
}
