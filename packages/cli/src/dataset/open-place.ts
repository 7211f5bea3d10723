import { type DatasetPlace, folderPlace } from '@styleflow/datasets';
import { openObjectStore } from '@styleflow/storage';
import { type DatasetSettings, storeAt } from './env.js';

/** A data set's place by what a user writes: a folder or `s3://bucket/prefix`. */
export async function openPlace(
  text: string,
  settings: DatasetSettings,
): Promise<DatasetPlace & { close(): Promise<void> }> {
  if (!isBucket(text)) return { ...folderPlace(text), close: async () => {} };
  const store = await openObjectStore(storeAt(settings, text));
  return {
    address: store.address,
    get: (key) => store.get(key),
    put: (key, body, type) => store.put(key, body, type),
    putStream: (key, body, options) => store.putStream(key, body, options),
    getStream: (key, signal) => store.getStream(key, signal),
    delete: (keys) => store.delete(keys),
    close: () => store.close(),
  };
}

export function isBucket(text: string): boolean {
  return text.startsWith('s3://');
}
