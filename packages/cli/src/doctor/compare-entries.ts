import {
  ENTRY_STATES,
  type EntryFacts,
  type EntryState,
  type JobId,
  jobOfEntryId,
  REPORT_QUEUE,
  WEBHOOK_QUEUE,
} from '@styleflow/contracts';
import type { DoctorPorts } from './doctor-ports.js';
import type { Finding } from './finding.js';

const PAGE = 200;
/** Entries of one queue and state that are opened, to see whether a worker could take them. */
const MAX_OPENED = 1_000;

/** Looks through all queues for entries that nobody needs and for those that no worker can take. */
export async function* compareEntries(ports: DoctorPorts): AsyncGenerator<Finding, void> {
  for (const { name } of await ports.queue.depths()) {
    // Messages to webhooks: their log decides when they go, whatever became of their job. Reports go by themselves.
    if (name === WEBHOOK_QUEUE || name === REPORT_QUEUE) continue;
    for (const state of ENTRY_STATES) yield* lookThrough(ports, name, state);
  }
}

async function* lookThrough(ports: DoctorPorts, queue: string, state: EntryState): AsyncGenerator<Finding, void> {
  let opened = 0;
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: { entries: EntryFacts[]; nextCursor: string | null } = await ports.inspector.entries(queue, {
      state,
      limit: PAGE,
      cursor,
    });
    const jobs = await knownJobs(ports, page.entries);
    for (const entry of page.entries) {
      const job = jobOfEntryId(entry.id);
      if (job === null) yield garbage(ports, entry, 'foreign_entry', 'was not made by this product');
      else if (!jobs.has(job)) yield garbage(ports, entry, 'entry_without_job', 'its job is not there any more');
      else if (mayBeUntakable(state) && opened < MAX_OPENED) {
        opened += 1;
        yield* unreadable(ports, entry);
      }
    }
    cursor = page.nextCursor;
  }
}

const mayBeUntakable = (state: EntryState): boolean => state === 'waiting' || state === 'delayed' || state === 'failed';

async function knownJobs({ records }: DoctorPorts, entries: readonly EntryFacts[]): Promise<ReadonlySet<string>> {
  const ids = [...new Set(entries.map(({ id }) => jobOfEntryId(id)))].filter((id): id is JobId => id !== null);
  return new Set((await records.readMany(ids)).map(({ id }) => id));
}

function garbage(
  { inspector }: DoctorPorts,
  { queue, id, state }: EntryFacts,
  kind: 'foreign_entry' | 'entry_without_job',
  says: string,
): Finding {
  const mend = async (): Promise<string> => {
    if (await inspector.remove(queue, id)) return 'removed it';
    throw new Error('a worker holds it');
  };
  return { kind, queue, entry: id, says: `${state}: ${says}`, mend };
}

async function* unreadable({ inspector }: DoctorPorts, { queue, id }: EntryFacts): AsyncGenerator<Finding, void> {
  const inside = await inspector.entry(queue, id);
  if (inside === null || inside.payloadProblem === null) return;
  const says = `no worker of this version takes it: ${inside.payloadProblem}`;
  yield { kind: 'unreadable_entry', queue, entry: id, says, ...(inside.job !== null && { job: inside.job }) };
}
