export { checkpointError, printShape } from './checkpoint-error.js';
export { fileDigest } from './file-digest.js';
export { leftoverPrefix } from './leftover-folders.js';
export type { Origin } from './origin.js';
export { PositionalFile } from './positional-file.js';
export { ignoreMissing, replaceDirectory } from './replace-directory.js';
export { assertReplaceable, type FolderKind } from './replaceable-folder.js';
export { computedWeight, elementCount, WEIGHTS_FILE, type Weight, weightOf } from './weight.js';
