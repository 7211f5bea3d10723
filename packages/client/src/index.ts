/** The entry for Node. */
export * from './exports.js';
export { NodeClient as StyleFlowClient } from './node-client.js';
export { openVideoFile, type VideoFile } from './video-file.js';
