import { beginJob } from '@styleflow/queue';
import type { BatchPorts } from './batch-ports.js';

/**
 * Gives the next so many single jobs of an owner, which waited for room, their entries. The entries come first: a process that is lost
 * in between leaves a job that waits and has them, and the next look counts it.
 */
export async function admitSingles(
  { singles, records, queue }: Pick<BatchPorts, 'singles' | 'records' | 'queue'>,
  owner: string,
  count: number,
): Promise<void> {
  const ids = await singles.next(owner, count);
  const waiting = new Map((await records.readMany(ids)).map((record) => [record.id, record]));
  for (const id of ids) {
    const record = waiting.get(id);
    if (record !== undefined) await beginJob(queue, { ...record, isWaiting: false });
    await singles.admitted(owner, id);
  }
}
