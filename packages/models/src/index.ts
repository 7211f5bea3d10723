export { faceNetsDirectory, untrainedBundleDirectory } from './assets-directory.js';
export { writeContentForms } from './content-forms.js';
export { type ImportedBundle, importBundle } from './import-bundle.js';
export { importDetector } from './import-detector.js';
export { importOnnx } from './import-onnx.js';
export { inspectCheckpoint } from './inspect-checkpoint.js';
export { type OpenedBundle, openBundle, openServableBundle, type ServableBundle } from './open-bundle.js';
export { writeRandomCheckpoint } from './random-checkpoint.js';
export { type VerifiedBundle, verifyBundle } from './verify-bundle.js';
