export { type AdminServer, type Health, startAdminServer } from './admin-server.js';
export { givenCores, givenMemoryBytes } from './given-machine.js';
export { Html, html } from './html.js';
export { createLogger, type Logger } from './logger.js';
export { metrics } from './metrics.js';
export { booleanSetting, integerSetting, listSetting, parseEnv, processSettings } from './parse-env.js';
export { runMain, runUntilShutdown, sayReady } from './run-until-shutdown.js';
export { VERSION } from './version.js';
