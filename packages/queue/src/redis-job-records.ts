import { announcements } from './announcements.js';
import { archivedRecords } from './archived-records.js';
import type { RedisClient } from './connection.js';
import { jobClaims } from './job-claims.js';
import { jobLifecycle } from './job-lifecycle.js';
import { jobLists } from './job-lists.js';
import type { JobRecords } from './job-records.js';
import type { RecordArchive } from './record-archive.js';

/** The records in Redis, over one fail-fast connection, and those that moved on into the archive. */
export function redisJobRecords(
  client: RedisClient,
  archive: RecordArchive,
  limits: { readonly maxUnfinished: number },
): JobRecords {
  const { restoration, ...reading } = archivedRecords(client, archive);
  return {
    ...reading,
    ...jobLifecycle(client, { ...reading, restoration }, limits),
    ...jobLists(client, reading.readMany),
    ...jobClaims(client),
    ...announcements(client),
  };
}
