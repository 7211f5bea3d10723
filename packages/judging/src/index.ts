export type { CalibrationMethod } from './calibration/choose-calibration.js';
export type { Interval } from './intervals/bootstrap.js';
export type { LabelledList, LabelledVideo, ListChoice } from './layouts/labelled-video.js';
export { readLayout } from './layouts/read-layout.js';
export type { Measure } from './metrics/measure-counts.js';
export { cellOf, countWords, figureText, MEASURE_WORDS, protocolWords, ruleWords } from './page/figure-words.js';
export { printMetricsFile } from './page/print-metrics-file.js';
export { type RunPage, runPage } from './page/run-page.js';
export { drawPictures, type NamedScores, type Picture, toPng } from './pictures/draw-curves.js';
export { PERTURBATIONS, type Perturbation } from './protocols/perturbations.js';
export {
  departuresOf,
  PROTOCOL_NAMES,
  PROTOCOLS,
  type Protocol,
  type ProtocolName,
  refuseProtocol,
} from './protocols/protocols.js';
export { analyseRobustness, type RobustnessRow } from './run/analyse-robustness.js';
export { type Analysis, analyseRun, digestList, type Group, type JudgedVideo } from './run/analyse-run.js';
export { calibrateRun, type RunCalibration, type ThresholdChoice } from './run/calibrate-run.js';
export { answerOf, compareRuns, type RunComparison } from './run/compare-runs.js';
export {
  LabelledVideoSchema,
  type Outcome,
  OutcomeSchema,
  type Run,
  RunSchema,
  type Served,
} from './run/run-schemas.js';
export { simulateBound, simulateCoverage } from './simulate.js';
