export * from './expect-close.js';
export * from './faults.js';
export * from './http-server.js';
export * from './make-video.js';
export * from './redis-server.js';
export * from './s3-server.js';
export * from './until.js';
