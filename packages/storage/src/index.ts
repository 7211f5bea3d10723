export * from './object-keys.js';
export * from './object-store.js';
