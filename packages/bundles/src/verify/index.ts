export { builtInClips } from './built-in-clips.js';
export { compareOutputs, toleranceOf } from './compare-outputs.js';
export { partFeeds } from './graph-feeds.js';
export { type VerifiedBundle, verifyBundle } from './verify-bundle.js';
