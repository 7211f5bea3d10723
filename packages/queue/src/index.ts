export { connectQueue, type QueueConnection } from './connect-queue.js';
export type * from './job-queue.js';
export type * from './job-records.js';
export type * from './queue-inspector.js';
export { type QueueSettings, queueSettings } from './queue-settings.js';
export type { RecordArchive } from './record-archive.js';
