import type { Batch, StyleFlowClient } from '@styleflow/client';
import { type Job, JobError } from '@styleflow/contracts';
import { repeatCall } from '../batch/repeat-call.js';
import type { RescoreCounts } from '../view/print-rescore.js';
import { type EarlierVerdict, keptOf } from './choose-jobs.js';
import { type Comparison, compareRow, type Fate, fateOf } from './compare-verdicts.js';
import { earlierOf } from './rescore-manifest.js';

export interface Changes {
  readonly counts: RescoreCounts;
  /** Those whose verdict changed; with `isAll` also those that stayed. */
  readonly comparisons: readonly Comparison[];
}

/**
 * Reads the results of a batch that has ended beside the verdicts that stood before: those in `known`, else as the API tells them.
 * @throws JobError `invalid_request` for a batch that scores no jobs again
 */
export async function readChanges(
  client: Pick<StyleFlowClient, 'batches' | 'job'>,
  batch: Pick<Batch, 'id' | 'faults'>,
  known: ReadonlyMap<string, EarlierVerdict>,
  { isAll, signal }: { isAll: boolean; signal: AbortSignal },
): Promise<Changes> {
  const counts: Record<Fate, number> = { changed: 0, unchanged: 0, lost: 0, failed: 0, canceled: 0 };
  const comparisons: Comparison[] = [];
  let rows = 0;
  for await (const row of client.batches.results(batch.id, { signal })) {
    rows += 1;
    const job = earlierOf(row.source);
    const earlier = job === null ? undefined : (known.get(job) ?? (await askFor(client, job, signal)));
    const comparison = compareRow(row, earlier);
    if (comparison === null) continue;
    const fate = fateOf(row, comparison);
    counts[fate] += 1;
    if (fate === 'changed' || (isAll && fate === 'unchanged')) comparisons.push(comparison);
  }
  if (rows > 0 && Object.values(counts).every((count) => count === 0)) {
    throw new JobError('invalid_request', `The batch ${batch.id} scores no jobs again.`);
  }
  return { counts: { ...counts, refused: batch.faults.count }, comparisons };
}

async function askFor(
  client: Pick<StyleFlowClient, 'job'>,
  id: string,
  signal: AbortSignal,
): Promise<EarlierVerdict | undefined> {
  try {
    return keptOf((await repeatCall(() => client.job(id), signal)) as unknown as Job);
  } catch (error) {
    if (error instanceof JobError && (error.code === 'not_found' || error.code === 'gone')) return undefined;
    throw error;
  }
}
