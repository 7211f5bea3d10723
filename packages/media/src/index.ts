export type { Frame } from './frame.js';
export type { MediaInfo, Rotation } from './media-info.js';
export { DEFAULT_MEDIA_LIMITS, type MediaLimits } from './media-limits.js';
export { planWindows, type Sampling, type SamplingWindow } from './plan-windows.js';
export { probeVideo } from './probe-video.js';
export { type DecodeStats, emptyDecodeStats, type ReadFramesOptions, readFrames } from './read-frames.js';
