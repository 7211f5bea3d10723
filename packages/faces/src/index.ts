export { encodeStrip } from './clip-strip.js';
export {
  type CutFaceClipsOptions,
  type CutStats,
  cutFaceClips,
  emptyCutStats,
} from './cut-face-clips.js';
export type { FaceClip, FaceTrack, SampledBox } from './face-clip.js';
export type { Detection, FaceDetector } from './face-detector.js';
export { type DetectorModel, openFaceDetector } from './open-face-detector.js';
