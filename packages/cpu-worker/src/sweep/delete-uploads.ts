import { mapBounded } from '@styleflow/runtime';
import { type PartUpload, UPLOADS_PREFIX, uploadIdOf } from '@styleflow/storage';
import { granted } from './granted-deletions.js';
import type { SweepPorts } from './sweep-ports.js';

/** What lies in the store of an upload: its object, or its parts. */
type Remains = { readonly key: string } | { readonly key: string; readonly parts: PartUpload };

/** Uploads that Redis is asked about at once. */
const ASKED_AT_ONCE = 200;
const ABORTED_AT_ONCE = 4;

/**
 * Deletes what uploads have left: those that were never submitted, in one piece or in parts, and those whose copy was made. `before` is a
 * time of the store's clock. Who keeps one for longer has renewed it, which Redis knows.
 */
export async function deleteUploads(ports: SweepPorts, before: number, signal?: AbortSignal): Promise<void> {
  const { store, logger, retention } = ports;
  const due: Remains[] = [];
  for await (const remains of nobodys(ports, before)) {
    if (signal?.aborted) return;
    due.push(remains);
    if (due.length === retention.maxPerMinute) break;
  }
  const gone = await granted(ports, 'uploads', due);
  const keys = gone.flatMap((each) => ('parts' in each ? [] : [each.key]));
  if (keys.length > 0) await store.delete(keys);
  const parted = gone.flatMap((each) => ('parts' in each ? [each.parts] : []));
  await mapBounded(parted, ABORTED_AT_ONCE, (parts) => store.parts.abort(parts));
  if (gone.length > 0) logger.info({ uploads: gone.length }, 'deleted abandoned uploads');
}

/** Old ones that no caller may submit any more. */
async function* nobodys({ store, claims }: SweepPorts, before: number): AsyncGenerator<Remains, void> {
  let asked: Remains[] = [];
  const answered = async (): Promise<Remains[]> => {
    const ids = asked.map(({ key }) => uploadIdOf(key) ?? '');
    const open = await claims.openAmong(ids);
    const found = asked.filter((_, at) => !open.has(ids[at] ?? ''));
    asked = [];
    return found;
  };
  for await (const { since, ...remains } of remainsOf(store)) {
    if (since.getTime() >= before) continue;
    asked.push(remains);
    if (asked.length === ASKED_AT_ONCE) yield* await answered();
  }
  yield* await answered();
}

async function* remainsOf(store: SweepPorts['store']): AsyncGenerator<Remains & { readonly since: Date }, void> {
  for await (const { key, modifiedAt } of store.list(UPLOADS_PREFIX)) yield { key, since: modifiedAt };
  for await (const { since, ...parts } of store.parts.open(UPLOADS_PREFIX)) yield { key: parts.key, parts, since };
}
