import { JobError, toJobError } from '@styleflow/contracts';
import { connectQueue, type QueueSettings } from '@styleflow/queue';
import type { Logger } from '@styleflow/runtime';
import { type MarkedStore, openMarkedStore, recordArchive, type StoreSettings } from '@styleflow/storage';
import { compareBatches } from './compare-batches.js';
import { compareEntries } from './compare-entries.js';
import { compareJobs } from './compare-jobs.js';
import type { Finding } from './finding.js';

export interface ExaminedFinding extends Omit<Finding, 'mend'> {
  /** `open`: can be mended, and was not. `unmendable`: an operator has to decide. */
  readonly outcome: 'open' | 'mended' | 'failed' | 'unmendable';
  /** What was done, or why it could not be. */
  readonly did?: string;
}

export interface Examination {
  readonly store: { readonly address: string; readonly id: string | null };
  readonly findings: readonly ExaminedFinding[];
  /** Neither clean nor mended. */
  readonly left: number;
}

export interface ExamineOptions {
  readonly mend: boolean;
  /** The store that is there becomes the one that Redis knows. */
  readonly acceptStore: boolean;
  readonly logger: Logger;
}

/**
 * Compares Redis and store, and makes good what is safe to make good when it is asked to.
 * With another store than Redis knows nothing else is looked at: every job would seem lost.
 * @throws JobError `queue_unavailable`, `storage_unavailable` when one of them cannot be asked
 */
export async function examineSystem(
  settings: QueueSettings & StoreSettings,
  options: ExamineOptions,
): Promise<Examination> {
  const store = await openMarkedStore(settings);
  const connection = await connectQueue(settings, { logger: options.logger, archive: recordArchive(store) });
  try {
    const { storeRegister } = connection;
    if (options.acceptStore) await acceptStore(store, storeRegister);
    const findings: ExaminedFinding[] = [];
    // A look makes nothing and marks nothing: a store that nobody knows yet stays as it is.
    const isKnown = (await storeRegister.known()) !== null;
    const stranger = isKnown ? await strangerOf(store.identify(storeRegister)) : null;
    const marker = stranger === null ? await store.marker() : null;
    const about = { address: store.address, id: marker };
    if (stranger !== null) {
      return { store: about, findings: [{ kind: 'other_store', says: stranger, outcome: 'unmendable' }], left: 1 };
    }
    if (!isKnown && marker !== null) {
      const mend = async (): Promise<string> => `told it: ${await store.identify(storeRegister)}`;
      const says = 'Redis remembers no store: it has forgotten, or is another';
      findings.push(await treat({ kind: 'other_store', says, mend }, options.mend));
    }
    const ports = { ...connection, store };
    // Batches first: their items go on with them.
    for (const compare of [compareBatches, compareJobs, compareEntries]) {
      for await (const finding of compare(ports)) findings.push(await treat(finding, options.mend));
    }
    return { store: about, findings, left: findings.filter(({ outcome }) => outcome !== 'mended').length };
  } finally {
    await connection.close();
    await store.close();
  }
}

/** Why the store is not the one that Redis knows; null when it is. @throws what kept it from being asked */
async function strangerOf(identified: Promise<string>): Promise<string | null> {
  try {
    await identified;
    return null;
  } catch (error) {
    const { message, details } = toJobError(error);
    if (details?.known === undefined) throw error;
    return message;
  }
}

/** Only a store that has a marker: an empty place would be taken for a store for ever. */
async function acceptStore(
  store: Pick<MarkedStore, 'marker' | 'address'>,
  register: { replace(id: string): Promise<void> },
): Promise<void> {
  const id = await store.marker();
  if (id === null) throw new JobError('invalid_request', `${store.address} has no marker, so it is no store to accept`);
  await register.replace(id);
}

async function treat({ mend, ...finding }: Finding, mayMend: boolean): Promise<ExaminedFinding> {
  if (mend === undefined) return { ...finding, outcome: 'unmendable' };
  if (!mayMend) return { ...finding, outcome: 'open' };
  try {
    return { ...finding, outcome: 'mended', did: await mend() };
  } catch (error) {
    return { ...finding, outcome: 'failed', did: toJobError(error).message };
  }
}
