export { jobScore, trackScore } from './aggregate.js';
export { calibrate, sigmoid } from './calibrate.js';
export { type Ballot, combineOpinions } from './combine-opinions.js';
export { decide } from './decide.js';
export { findOutside, type JobConditions } from './find-outside.js';
export { type EncodedView, judgeStability, withStability } from './judge-stability.js';
export { videoQuality } from './video-quality.js';
