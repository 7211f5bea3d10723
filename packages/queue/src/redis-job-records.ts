import { announcements } from './announcements.js';
import type { RedisClient } from './connection.js';
import { jobClaims } from './job-claims.js';
import { jobLifecycle } from './job-lifecycle.js';
import { jobLists } from './job-lists.js';
import type { JobRecords } from './job-records.js';

/** The records in Redis, over one fail-fast connection. */
export function redisJobRecords(client: RedisClient, limits: { readonly maxUnfinished: number }): JobRecords {
  const lifecycle = jobLifecycle(client, limits);
  return { ...lifecycle, ...jobLists(client, lifecycle.readMany), ...jobClaims(client), ...announcements(client) };
}
