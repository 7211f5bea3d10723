export { assetsDirectory, faceNetsDirectory, untrainedBundleDirectory } from './assets-directory.js';
export { BUNDLE_FOLDER, bundleOrigin, MANIFEST_FILE } from './bundle/bundle-folder.js';
export { calibrateBundle } from './bundle/calibrate-bundle.js';
export type { CalibrationFacts } from './bundle/calibration-file.js';
export { graphBytes } from './bundle/graph-bytes.js';
export {
  graphOf,
  type OpenedBundle,
  openBundle,
  openServableBundle,
  type ProviderGraph,
  type ServableBundle,
} from './bundle/open-bundle.js';
export {
  DETECTOR_FILE,
  DETECTOR_FOLDER,
  DETECTOR_GRAPH,
  type DetectorManifest,
  DetectorManifestSchema,
  detectorOrigin,
  HEADS_GRAPH,
  type HeadsManifest,
  REFERENCE_THRESHOLDS,
  type RetinaFaceManifest,
} from './detector/detector-manifest.js';
export {
  type HeadThresholds,
  HeadThresholdsSchema,
  MOST_STRIDES,
  ScoreKindSchema,
  SeenSizeSchema,
  StridesSchema,
} from './detector/detector-network.js';
export { openDetector } from './detector/open-detector.js';
