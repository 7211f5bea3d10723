import { z } from 'zod';
import { TOMBSTONES_PREFIX, tombstoneKey } from './keys/object-keys.js';
import type { ObjectStore } from './port/object-store.js';
import { openSealedJson, sealJson } from './sealed-json.js';

const TombstoneSchema = z.object({
  v: z.literal(1),
  /** Whose job it was; null where nobody knew any more. */
  owner: z.string().nullable(),
  /** When its deletion began, ms since the epoch by the clock of Redis. */
  at: z.number(),
});

export type Tombstone = Pick<z.infer<typeof TombstoneSchema>, 'owner' | 'at'>;

/** Forbids that anything of the job comes back. It comes before the deletion begins, so that a Redis that forgets changes nothing. */
export async function putTombstone(store: Pick<ObjectStore, 'put'>, job: string, tombstone: Tombstone): Promise<void> {
  const text = sealJson({ v: 1, ...tombstone } satisfies z.infer<typeof TombstoneSchema>);
  await store.put(tombstoneKey(job), text, 'application/json');
}

/** All jobs whose tombstone stands, in the order of their ids. */
export async function* listTombstones(store: Pick<ObjectStore, 'list'>): AsyncIterable<string> {
  for await (const { key } of store.list(TOMBSTONES_PREFIX)) yield key.slice(TOMBSTONES_PREFIX.length);
}

/** What a tombstone says. One that cannot be read is as good as any: it only says nothing more. */
export function readTombstone(text: string): Tombstone {
  try {
    return TombstoneSchema.parse(openSealedJson(text));
  } catch {
    return { owner: null, at: 0 };
  }
}
