import { paceOf, readPart } from '@styleflow/batches';
import {
  type Batch,
  isBatchOver,
  MAX_LISTED_FAULTS,
  ManifestFaultSchema,
  type ManifestFaults,
} from '@styleflow/contracts';
import type { BatchRecord } from '@styleflow/queue';
import type { ObjectStore } from '@styleflow/storage';
import type { ApiPorts } from '../ports/api-ports.js';

/** The batch's address, with which all links below start. */
export function batchPath(id: string): string {
  return `/v1/batches/${id}`;
}

/** The batch as clients see it. Faults are read from the store, where there are any. */
export async function readBatch(
  { clock, store }: Pick<ApiPorts, 'clock' | 'store'>,
  batch: BatchRecord,
  { withFaults = true } = {},
): Promise<Batch> {
  const { id, status, cancelRequested, round, rowsRead, counts, errors, options, skipInvalid } = batch;
  return {
    ...{ id, status, cancelRequested, round, rowsRead, counts, errors, options, skipInvalid },
    admitted: batch.next,
    faults: { count: batch.faults, listed: withFaults ? await listedFaults(store, batch) : [] },
    ...paceOf(batch, await clock.now()),
    createdAt: batch.createdAt,
    startedAt: batch.startedAt,
    finishedAt: batch.finishedAt,
    links: linksOf(batch),
  };
}

/** They are complete in the store once the batch is not being validated any more. */
async function listedFaults(
  store: Pick<ObjectStore, 'get'>,
  { id, faults, status }: BatchRecord,
): Promise<ManifestFaults['listed']> {
  if (faults === 0 || status === 'validating') return [];
  const first = await readPart(store, id, 'faults', 0, (value) => ManifestFaultSchema.parse(value));
  return (first ?? []).slice(0, MAX_LISTED_FAULTS);
}

function linksOf({ id, status, counts }: BatchRecord): Record<string, string> {
  const self = batchPath(id);
  const links: Record<string, string> = {
    self,
    results: `${self}/results`,
    errors: `${self}/errors`,
    jobs: `/v1/jobs?batch=${id}`,
  };
  if (!isBatchOver(status)) links.cancel = `${self}/cancel`;
  if (status === 'ended' && counts.failed > 0) links.retry = `${self}/retry`;
  return links;
}
