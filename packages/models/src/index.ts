export { assetsDirectory, faceNetsDirectory, untrainedBundleDirectory } from './assets-directory.js';
export { CHECKPOINT_ROLES, type CheckpointRole } from './checkpoint-role.js';
export { type ImportedRole, type ImportOptions, importBundle } from './import-bundle.js';
export { type CheckpointReport, inspectCheckpoint } from './inspect-checkpoint.js';
export { type OpenedBundle, openBundle } from './open-bundle.js';
