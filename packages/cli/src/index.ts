export { type EmbeddedSystem, startEmbeddedSystem } from './embedded/embedded-system.js';
