import { dropPixels, readPixels } from '@styleflow/clips';
import type { ClipRef } from '@styleflow/contracts';
import { isDamagedObject, openObjectStore, type StoreSettings } from '@styleflow/storage';
import { serveThread } from '@styleflow/threads';

/** A thread that fetches and unpacks clips as they come. The pixels are moved to the caller, not copied. */
await serveThread<{ readonly store: StoreSettings }, null, ClipRef, Uint8Array>(async (start) => {
  const store = await openObjectStore(start.store);
  return {
    opened: null,
    answer: async (clip) => {
      const answer = await readPixels(store, clip).catch(async (error: unknown) => {
        // Without pixels and without a score the clip is cut again, once the run's other entries have ended.
        if (isDamagedObject(error)) await dropPixels(store, clip);
        throw error;
      });
      return { answer, transfer: [answer.buffer] };
    },
    close: () => store.close(),
  };
});
