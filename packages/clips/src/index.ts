export { decodeClip, encodeClip } from './clip-codec.js';
export { type ClipFrames, printClipFrames, readClipFrames } from './clip-frames.js';
export { hasScore, lackingScores, readScore, writeScore } from './clip-score.js';
export { CLIP_BYTES } from './clip-shape.js';
export { copyClip } from './copy-clip.js';
export {
  dropAll,
  dropPixels,
  dropRunPictures,
  dropRunPixels,
  dropRunVariants,
  dropScore,
  dropVariants,
} from './drop-clips.js';
export { listClips, listPixels, listScores, type ScoreList, type ScorePlace, scorePlaces } from './list-scores.js';
export { readPixels, readStrip, readZlibClip, stripBytes } from './read-clip.js';
export { type StoredClip, writeClip, writeStrip } from './write-clip.js';
