/** What a command needs that starts, asks and ends: without the logger, metrics and traces of processes that stay, a third of the front door. */
export { unknownSettings } from './every-setting.js';
export { givenCores } from './given-machine.js';
export { LEAN_ENVIRONMENT, LEAN_NODE_FLAGS } from './lean-process.js';
export { nearestWord } from './nearest-word.js';
export { parseEnv } from './parse-env.js';
export { VERSION } from './version.js';
