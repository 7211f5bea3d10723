/** What the benchmarks run apart from a whole worker. */

export { prepareLimits, readEnv } from './env.js';
export type { PrepareEvent } from './prepare/prepare-messages.js';
export { openPrepareThreads, type PrepareThread } from './prepare/prepare-threads.js';
export type { ReportInput } from './report/report-input.js';
export { reportPage } from './report/report-page.js';
export { detectorModel } from './start/detector-model.js';
