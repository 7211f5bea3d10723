export * from './expect-close.js';
export * from './redis-server.js';
export * from './until.js';
