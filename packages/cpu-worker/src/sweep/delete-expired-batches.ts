import { readRows } from '@styleflow/batches';
import { itemJobId } from '@styleflow/contracts';
import { deleteMediaOf, granted } from './granted-deletions.js';
import type { SweepPorts } from './sweep-ports.js';

/** Batches and parts that are looked at in one round. */
const PAGE = 20;
/** Items whose deletion is asked for at once. */
const CHUNK = 50;

/** Items of batches and parts that were granted in earlier rounds, of those that are longer than one round may delete. */
const progress = new WeakMap<SweepPorts['batches'], Map<string, number>>();

function begunOf({ batches }: SweepPorts): Map<string, number> {
  const known = progress.get(batches) ?? new Map<string, number>();
  progress.set(batches, known);
  return known;
}

/**
 * Batches with their jobs, a while after their end. They go as one, once retention has been granted as many deletions as the batch
 * has jobs; what deletes them is the work for batches.
 */
export async function deleteBatches(ports: SweepPorts, before: number, signal?: AbortSignal): Promise<void> {
  const { batches, logger } = ports;
  for (const id of await batches.overBefore(before, PAGE)) {
    if (signal?.aborted) return;
    const batch = await batches.read(id);
    if (batch === null || batch.isDeleting) continue;
    if (!(await grantedAll(ports, 'results', id, Math.max(1, batch.next)))) return;
    await batches.markDeleting(id);
    logger.info({ batch: id, jobs: batch.next }, 'deletes a batch after its retention');
  }
}

/** Sources, pictures and kept clips of items, a while after their part of the batch had ended. */
export async function deleteMediaOfBatches(ports: SweepPorts, before: number, signal?: AbortSignal): Promise<void> {
  const { batches, endedJobs, store, logger } = ports;
  const begun = begunOf(ports);
  for (const part of await batches.mediaDue(before, PAGE)) {
    const batch = await batches.read(part.batch);
    const rows = batch === null ? [] : [...(await readRows(ports, part.batch, part.part)).rows];
    const name = `${part.batch}.${part.part}`;
    for (let from = begun.get(name) ?? 0; from < rows.length; ) {
      if (signal?.aborted) return;
      const chunk = await granted(ports, 'media', rows.slice(from, from + CHUNK));
      if (chunk.length === 0) return;
      for (const [index, row] of chunk) {
        const id = itemJobId(part.batch, index);
        await deleteMediaOf(store, { id, run: row?.run ?? 1 });
        await endedJobs.forgetStored(id, batch?.owner ?? '');
      }
      from += chunk.length;
      begun.set(name, from);
    }
    begun.delete(name);
    await batches.confirmMedia(part);
    logger.debug({ ...part }, 'deleted the media of a part of a batch after their retention');
  }
}

async function grantedAll(ports: SweepPorts, what: 'results', name: string, needed: number): Promise<boolean> {
  const begun = begunOf(ports);
  for (let have = begun.get(name) ?? 0; have < needed; ) {
    const asked = Array.from({ length: Math.min(CHUNK, needed - have) }, (_, step) => step);
    const got = await granted(ports, what, asked);
    have += got.length;
    begun.set(name, have);
    if (got.length < asked.length) return false;
  }
  begun.delete(name);
  return true;
}
