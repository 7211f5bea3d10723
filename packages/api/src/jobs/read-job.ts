import { isEnded, isRetryable, type Job, shownSource, stageOf } from '@styleflow/contracts';
import type { JobRecord } from '@styleflow/queue';

/** The job's address, with which all links below start. It is relative, so that it holds behind any proxy. */
export function jobPath(id: string): string {
  return `/v1/jobs/${id}`;
}

/** The record as clients see it: without owner, run and bundle facts, with links to the calls that are possible now. */
export function readJob(record: JobRecord): Job {
  const { id, status, rescoreOf: [earlier] = [] } = record;
  return {
    id,
    status,
    stage: stageOf(status),
    progress: record.progress,
    source: shownSource(record.source),
    options: record.options,
    metadata: { ...record.metadata },
    ...(record.batch === undefined ? {} : { batch: record.batch }),
    ...(earlier === undefined ? {} : { rescoreOf: earlier }),
    createdAt: record.createdAt,
    startedAt: record.startedAt,
    finishedAt: record.finishedAt,
    attempts: record.attempts,
    ...(record.error === undefined ? {} : { error: record.error }),
    ...(record.verdict === undefined ? {} : { verdict: record.verdict }),
    links: linksOf(record),
  };
}

function linksOf({ id, status, webhook }: JobRecord): Record<string, string> {
  const self = jobPath(id);
  const links: Record<string, string> = { self, events: `${self}/events` };
  if (status === 'succeeded') {
    links.result = `${self}/result`;
    links.report = `${self}/report`;
  }
  if (!isEnded(status)) links.cancel = `${self}/cancel`;
  if (isRetryable(status)) links.retry = `${self}/retry`;
  if (webhook !== undefined) links.deliveries = `${self}/deliveries`;
  return links;
}

/** A tag that changes with every change of the record. */
export function etagOf(record: JobRecord): string {
  return `"${record.run}.${record.revision}"`;
}

/** Seconds after which the next poll makes sense. */
export function retryAfterSeconds(record: JobRecord): number {
  return record.status === 'queued' ? 2 : 1;
}
