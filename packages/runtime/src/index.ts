export { type AdminServer, startAdminServer } from './admin-server.js';
export { Closers, openWithClosers } from './closers.js';
export { currentSpan, runInSpan } from './current-span.js';
export { descriptorLimit, spareDescriptors } from './descriptors.js';
export { eventLoopTurns } from './event-loop-turns.js';
export { parseProcessEnv, unknownSettings } from './every-setting.js';
export { givenCores, givenMemoryBytes } from './given-machine.js';
export { Html, html } from './html.js';
export { LARGE_PAGES, LEAN_ENVIRONMENT, LEAN_NODE_FLAGS } from './lean-process.js';
export { createLogger, type Logger } from './logger.js';
export { mapBounded } from './map-bounded.js';
export { metrics } from './metrics.js';
export {
  integerSetting,
  listSetting,
  numberSetting,
  parsedBy,
  parseEnv,
  processSettings,
  refusedSigningKey,
  SettingsError,
} from './parse-env.js';
export {
  apiPlainSettings,
  cpuWorkerPlainSettings,
  gpuWorkerPlainSettings,
  inferencePlainSettings,
} from './plain-settings.js';
export { printCount } from './print-numbers.js';
export { printable } from './printable.js';
export { type Health, ProcessHealth, type Readiness } from './process-health.js';
export { RateFloor, type RateFloorOptions } from './rate-floor.js';
export { type ResumedStreamOptions, resumedStream } from './resumed-stream.js';
export { runMain, runUntilShutdown, sayReady } from './run-until-shutdown.js';
export { Slots } from './slots.js';
export { NO_SPAN, type Span } from './span.js';
export { startSpan, startTracing, stopTracing, withSpan } from './tracing.js';
export { VERSION } from './version.js';
