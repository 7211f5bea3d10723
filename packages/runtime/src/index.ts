export { type AdminServer, type Health, startAdminServer } from './admin-server.js';
export { currentSpan, runInSpan } from './current-span.js';
export { createLogger, type Logger } from './logger.js';
export { metrics } from './metrics.js';
export { booleanSetting, integerSetting, listSetting, parseEnv, processSettings } from './parse-env.js';
export { runMain, runUntilShutdown, sayReady } from './run-until-shutdown.js';
export { NO_SPAN, type Span } from './span.js';
export { startSpan, startTracing, stopTracing, withSpan } from './tracing.js';
export { VERSION } from './version.js';
