import { dropPixels, readPixels } from '@styleflow/clips';
import type { ClipRef } from '@styleflow/contracts';
import { isDamagedObject, openMarkedStore, type StoreSettings } from '@styleflow/storage';
import { serveThread } from '@styleflow/threads';

interface UnpackThreadStart {
  readonly store: StoreSettings;
  readonly storeId?: string;
}

/** A thread that fetches and unpacks clips as they come. The pixels are moved to the caller, not copied. */
await serveThread<UnpackThreadStart, null, ClipRef, Uint8Array>(async (start) => {
  const store = await openMarkedStore(start.store, { id: start.storeId });
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
