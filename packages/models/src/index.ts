export { faceNetsDirectory, untrainedBundleDirectory } from './assets-directory.js';
export { type OpenedBundle, openBundle } from './open-bundle.js';
