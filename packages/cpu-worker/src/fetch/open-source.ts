import { itemBoxOf } from '@styleflow/batches';
import { JobError, type JobId, type Source } from '@styleflow/contracts';
import type { JobRecord, JobRecords, SecretVault } from '@styleflow/queue';
import type { ObjectStore } from '@styleflow/storage';

/** What a job's record says of its source. */
export type SourceOfJob = Pick<JobRecord, 'id' | 'source' | 'isSourceSealed' | 'rescoreOf'> & {
  readonly options: Pick<JobRecord['options'], 'keepSource'>;
};

/** The whole source; `own-copy` when its secrets are gone, and only a copy at a job's own place can still be read. */
export type WholeSource = Source | { readonly type: 'own-copy' };

export interface OpenedSource {
  readonly source: WholeSource;
  /** Jobs at whose own place a copy of the video may lie: that is read before its source is asked, the first that there is. */
  readonly copies: readonly JobId[];
}

export interface OpenSourcePorts {
  readonly vault: Pick<SecretVault, 'open' | 'unseal'>;
  readonly records: Pick<JobRecords, 'read'>;
  readonly store: Pick<ObjectStore, 'get'>;
}

/**
 * The one place that opens the sealed address of a source: that of the job, or of an earlier one that it scores again, where it lies sealed
 * with a batch's item. The answer is for the fetch alone: it enters no log and no payload.
 * @throws JobError `internal` when this worker has not the right key
 */
export async function openSource(ports: OpenSourcePorts, job: SourceOfJob): Promise<OpenedSource> {
  const { id, source, isSourceSealed, rescoreOf = [] } = job;
  if (!isSourceSealed || source.type !== 'url') return { source, copies: copiesOf(job) };
  const url = (await ports.vault.open(id, 'source')) ?? (await openEarlier(ports, rescoreOf));
  if (url === null) return { source: { type: 'own-copy' }, copies: [id, ...rescoreOf] };
  return { source: { type: 'url', url }, copies: copiesOf(job) };
}

/** A run that is repaired, or a retry, reads the video that was kept: its address may lead to another one by now, or to none. */
function copiesOf({ id, source, rescoreOf, options }: SourceOfJob): JobId[] {
  if (rescoreOf !== undefined) return [id, ...rescoreOf];
  return options.keepSource && source.type !== 'upload' ? [id] : [];
}

async function openEarlier({ vault, records, store }: OpenSourcePorts, jobs: readonly JobId[]): Promise<string | null> {
  for (const job of jobs) {
    const record = await records.read(job).catch(passOverLost);
    const box = record === null ? null : await itemBoxOf(store, record);
    if (box !== null) return vault.unseal(job, 'source', box);
  }
  return null;
}

function passOverLost(error: unknown): null {
  if (error instanceof JobError && error.code === 'gone') return null;
  throw error;
}
