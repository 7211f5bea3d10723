import { createReadStream } from 'node:fs';
import type { ObjectStore } from '@styleflow/storage';

/** Streams a local file into the store. */
export async function putFile(
  store: ObjectStore,
  {
    key,
    file,
    contentType,
    signal,
  }: { readonly key: string; readonly file: string; readonly contentType: string; readonly signal: AbortSignal },
): Promise<void> {
  signal.throwIfAborted();
  await store.putStream(key, createReadStream(file), { contentType, signal });
}
