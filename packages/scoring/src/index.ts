export { jobScore, trackScore } from './aggregate.js';
export { type Calibration, calibrate } from './calibrate.js';
export { decide, type Evidence } from './decide.js';
