export { giveCropsBack } from './clip/align-clip.js';
export { encodeStrip } from './clip/clip-strip.js';
export type { FaceClip, FaceTrack, SampledBox } from './clip/face-clip.js';
export { encodeWholeFrame } from './clip/whole-frame.js';
export {
  type CutFaceClipsOptions,
  type CutStats,
  cutFaceClips,
  emptyCutStats,
  type FollowedFace,
} from './cut-face-clips.js';
export type { Detection, FaceDetector } from './detection/face-detector.js';
export { type DetectorModel, openFaceDetector } from './open-face-detector.js';
export { stretchFor } from './watch/stretch-reader.js';
