import { isEnded } from '@styleflow/contracts';
import type { JobRecord } from '@styleflow/queue';
import type { Request, Response } from 'express';
import { etagOf, readJob, retryAfterSeconds } from './read-job.js';

/**
 * Answers with the job: with `ETag`, with `Retry-After` while it is unfinished, and with 304 for a caller who has this
 * revision.
 */
export function sendJob(request: Request, response: Response, record: JobRecord): void {
  const etag = etagOf(record);
  response.set({ ETag: etag, 'Cache-Control': 'private, no-cache' });
  if (!isEnded(record.status)) response.set('Retry-After', String(retryAfterSeconds(record)));
  if (request.method !== 'POST' && hasRevision(request.headers['if-none-match'], etag)) {
    response.status(304).end();
    return;
  }
  response.json(readJob(record));
}

/** Compares `If-None-Match` by RFC 9110's weak comparison. */
function hasRevision(header: string | undefined, etag: string): boolean {
  return (header ?? '').split(',').some((text) => {
    const tag = text.trim();
    return tag === '*' || tag === etag || tag === `W/${etag}`;
  });
}
