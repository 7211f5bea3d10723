/** The entry for browsers and other places without Node's modules. */
export * from './exports.js';
export { StyleFlowClient } from './styleflow-client.js';
