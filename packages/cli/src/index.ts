export { type EmbeddedSystem, startEmbeddedSystem } from './embedded/embedded-system.js';
export { MAIN_PATH } from './main-path.js';
