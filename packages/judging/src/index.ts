export { fewestNeeded, rateUpperBound } from './calibration/binomial.js';
export { type ChosenCalibration, chooseCalibration, type CalibrationMethod } from './calibration/choose-calibration.js';
export { fitIsotonic } from './calibration/isotonic.js';
export { fitPlatt, type LabelledLogit } from './calibration/platt.js';
export { costThreshold, doubtThresholds, fprThreshold, youdenThreshold } from './calibration/thresholds.js';
export { bootstrapIntervals, type Interval, type Unit } from './intervals/bootstrap.js';
export { delongTest, delongVariance } from './intervals/delong.js';
export { pairedBootstrap } from './intervals/paired-bootstrap.js';
export { seededDraws } from './intervals/seeded-draws.js';
export { type AnswerRule, type Confusion, confusionOf } from './metrics/confusion.js';
export { MEASURES, type Measure, type Measures, measureCounts } from './metrics/measure-counts.js';
export { precisionRecallPoints } from './metrics/precision-recall.js';
export { reliabilityBins } from './metrics/probability-errors.js';
export { areaUnderRoc, rocPoints } from './metrics/roc.js';
export { countsOf, type LabelledScore } from './metrics/score-counts.js';
export {
  departuresOf,
  PROTOCOL_NAMES,
  PROTOCOLS,
  type Protocol,
  type ProtocolName,
  refuseProtocol,
} from './protocols/protocols.js';
export { PUBLISHED_FIGURES } from './protocols/published-figures.js';
export { type ScoredFace, type VideoScore, videoScore } from './protocols/video-score.js';
