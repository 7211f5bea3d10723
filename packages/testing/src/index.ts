export { findFreePort } from './child-server.js';
export * from './expect-close.js';
export * from './faulty-link.js';
export * from './http-server.js';
export * from './kill-process.js';
export * from './make-video.js';
export * from './redis-server.js';
export * from './s3-server.js';
export * from './until.js';
