export type { Frame } from './decode/frame.js';
export { planWindows, type Sampling, type SamplingWindow } from './decode/plan-windows.js';
export { type DecodeStats, emptyDecodeStats, type ReadFramesOptions, readFrames } from './decode/read-frames.js';
export { buildCage, CAGE_BARS, type Cage, type CageBar, decodeCage, requireCage } from './ffmpeg/cage.js';
export { DEFAULT_MEDIA_LIMITS, type MediaLimits } from './ffmpeg/media-limits.js';
export { listPictures, type PictureList } from './probe/list-pictures.js';
export type { MediaInfo } from './probe/media-info.js';
export type { Rotation } from './probe/orientation.js';
export { probeVideo } from './probe/probe-video.js';
