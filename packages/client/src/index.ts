export { type ClientOptions, StyleFlowClient, type SubmitOptions } from './styleflow-client.js';
