export { assetsDirectory, faceNetsDirectory, untrainedBundleDirectory } from './assets-directory.js';
