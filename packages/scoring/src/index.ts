export { jobScore, trackScore } from './aggregate.js';
export { calibrate, sigmoid } from './calibrate.js';
export { decide } from './decide.js';
export { findOutside, type JobConditions } from './find-outside.js';
export { videoQuality } from './video-quality.js';
