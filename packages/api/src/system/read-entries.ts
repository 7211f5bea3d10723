import {
  type EntriesQuerySchema,
  type EntryDetails,
  type EntryFacts,
  type EntryInside,
  type EntryList,
  isEnded,
  isRetryable,
  JobError,
  type JobId,
  jobOfEntryId,
  type QueueEntry,
} from '@styleflow/contracts';
import type { JobRecord } from '@styleflow/queue';
import type { z } from 'zod';
import type { ApiPorts } from '../ports/api-ports.js';

type EntriesQuery = z.infer<typeof EntriesQuerySchema>;

const entriesPath = (queue: string): string => `/v1/admin/queues/${encodeURIComponent(queue)}/entries`;

/**
 * One page of a queue's entries, with links to the next calls.
 * @throws JobError `not_found`, `invalid_request`
 */
export async function readEntries(
  { inspector }: Pick<ApiPorts, 'inspector'>,
  queue: string,
  query: EntriesQuery,
): Promise<EntryList> {
  const { entries, nextCursor } = await inspector.entries(queue, query);
  return { entries: entries.map(withLinks), nextCursor };
}

/**
 * One entry, and the state of its job.
 * @throws JobError `not_found`
 */
export async function readEntry(
  { inspector, records }: Pick<ApiPorts, 'inspector' | 'records'>,
  queue: string,
  id: string,
): Promise<EntryDetails> {
  const inside = await inspector.entry(queue, id);
  if (inside === null) throw noEntry(queue, id);
  const record = inside.job === null ? null : await findRecord(records, inside.job);
  const { links, ...entry } = withLinks(inside);
  const { parent } = inside;
  return {
    ...entry,
    jobStatus: record?.status ?? null,
    links: {
      ...links,
      ...(parent === null ? {} : { parent: `${entriesPath(parent.queue)}/${encodeURIComponent(parent.id)}` }),
      ...(record !== null && isRetryable(record.status) ? { retry: `${links.job}/retry` } : {}),
    },
  };
}

/**
 * Takes an entry out that nobody needs: not the product's, or of a job that is over or gone.
 * @throws JobError `not_found`; `conflict` when the entry still has work to do, or a worker holds it
 */
export async function removeEntry(
  { inspector, records }: Pick<ApiPorts, 'inspector' | 'records'>,
  queue: string,
  id: string,
): Promise<void> {
  if ((await inspector.entry(queue, id)) === null) throw noEntry(queue, id);
  // Also of a stage that only a newer version knows.
  const job = jobOfEntryId(id);
  const record = job === null ? null : await findRecord(records, job);
  if (record !== null && !isEnded(record.status)) {
    throw new JobError('conflict', `The job ${job} needs this entry: cancel or delete the job instead.`);
  }
  if (!(await inspector.remove(queue, id))) {
    throw new JobError('conflict', 'A worker holds this entry, or it has just gone.');
  }
}

const noEntry = (queue: string, id: string): JobError =>
  new JobError('not_found', `There is no entry ${id.slice(0, 100)} in the queue ${queue}.`);

/** As Redis knows it: looking at an entry brings no lost job back. */
async function findRecord(records: ApiPorts['records'], job: JobId): Promise<JobRecord | null> {
  const [record = null] = await records.readMany([job]);
  return record;
}

function withLinks<E extends EntryFacts | EntryInside>(entry: E): E & Pick<QueueEntry, 'links'> {
  const links: Record<string, string> = { self: `${entriesPath(entry.queue)}/${encodeURIComponent(entry.id)}` };
  if (entry.job !== null) links.job = `/v1/jobs/${entry.job}`;
  return { ...entry, links };
}
