export { jobScore, trackScore } from './aggregate.js';
export { calibrate } from './calibrate.js';
export { decide } from './decide.js';
