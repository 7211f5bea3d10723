import { isJobId, type JobId } from '@styleflow/contracts';
import type { TrialClip } from '@styleflow/converter';

export interface FoundClips {
  readonly clips: readonly TrialClip[];
  close(): Promise<void>;
}

/**
 * Finds the clips that folders and jobs hold, in the order in which these are named. Jobs' clips are in the store of
 * `STYLEFLOW_STORE`, which is opened for jobs alone.
 * @throws JobError `invalid_request` for a name that is neither, or that holds none; `storage_unavailable`.
 */
export async function findTrialClips(names: readonly string[]): Promise<FoundClips> {
  // Only here: the command line is to start without the store's SDK.
  const { folderClips } = await import('./folder-clips.js');
  const store = names.some(isJobId) ? await openStore() : null;
  try {
    const clips: TrialClip[] = [];
    for (const name of names)
      clips.push(...(store && isJobId(name) ? await store.clipsOf(name) : await folderClips(name)));
    return { clips, close: async () => store?.close() };
  } catch (error) {
    await store?.close();
    throw error;
  }
}

async function openStore() {
  const { openObjectStore } = await import('@styleflow/storage');
  const { readEnv } = await import('./env.js');
  const { jobClips } = await import('./job-clips.js');
  const store = await openObjectStore(readEnv());
  return { clipsOf: (job: JobId) => jobClips(store, [job]), close: () => store.close() };
}
