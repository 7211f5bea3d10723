export { LARGEST_HALF } from './bundle/half-values.js';
export { type ImportedBundle, importBundle } from './bundle/import-bundle.js';
export { importDetector } from './detector/import-detector.js';
export { importOnnxDetector } from './detector/import-onnx-detector.js';
export { importOnnx } from './foreign/import-onnx.js';
export type { TrialClip } from './int8/share-out-clips.js';
export { NORM_EPSILON } from './networks/batch-norm.js';
export { type BodyParts, CONTENT_SIDE, contentNetwork } from './networks/content.js';
export { NetworkScope } from './networks/network-scope.js';
