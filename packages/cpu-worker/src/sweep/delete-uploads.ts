import { mapBounded } from '@styleflow/runtime';
import { UPLOADS_PREFIX, uploadIdOf } from '@styleflow/storage';
import { granted } from './granted-deletions.js';
import type { SweepPorts } from './sweep-ports.js';

/** Uploads that Redis is asked about at once. */
const ASKED_AT_ONCE = 200;
const ABORTED_AT_ONCE = 4;

/**
 * Deletes what uploads have left: those that were never submitted, in one piece or in parts, and those whose copy was made. `before` is a
 * time of the store's clock. Who keeps one for longer has renewed it, which Redis knows.
 */
export async function deleteUploads(ports: SweepPorts, before: number, signal?: AbortSignal): Promise<void> {
  const { store, logger } = ports;
  const objects = await abandoned(ports, store.list(UPLOADS_PREFIX), ({ modifiedAt }) => modifiedAt.getTime() < before);
  if (signal?.aborted) return;
  if (objects.length > 0) await store.delete(objects.map(({ key }) => key));
  const begun = await abandoned(ports, store.parts.open(UPLOADS_PREFIX), ({ since }) => since.getTime() < before);
  if (signal?.aborted) return;
  await mapBounded(begun, ABORTED_AT_ONCE, (upload) => store.parts.abort(upload));
  const uploads = objects.length + begun.length;
  if (uploads > 0) logger.info({ uploads }, 'deleted abandoned uploads');
}

/** Of these the old ones that no caller may submit any more, as many as may be deleted now. */
async function abandoned<T extends { readonly key: string }>(
  ports: SweepPorts,
  found: AsyncIterable<T>,
  isOld: (each: T) => boolean,
): Promise<readonly T[]> {
  const due: T[] = [];
  let asked: T[] = [];
  const askForThem = async (): Promise<void> => {
    const ids = asked.map(({ key }) => uploadIdOf(key) ?? '');
    const open = await ports.claims.openAmong(ids);
    due.push(...asked.filter((_, at) => !open.has(ids[at] ?? '')));
    asked = [];
  };
  for await (const each of found) {
    if (isOld(each)) asked.push(each);
    if (asked.length === ASKED_AT_ONCE) await askForThem();
    if (due.length >= ports.retention.maxPerMinute) break;
  }
  await askForThem();
  return granted(ports, 'uploads', due);
}
