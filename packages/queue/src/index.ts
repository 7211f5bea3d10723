export type * from './job-queue.js';
export type * from './job-records.js';
