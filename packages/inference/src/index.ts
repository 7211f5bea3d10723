export * from './execution-providers.js';
export * from './session.js';
