import { readPixels } from '@styleflow/clips';
import type { ClipRef } from '@styleflow/contracts';
import { openMarkedStore, type StoreSettings } from '@styleflow/storage';
import { serveThread } from '@styleflow/threads';

interface UnpackThreadStart {
  readonly store: StoreSettings;
  readonly storeId?: string;
}

/** A thread that fetches and unpacks clips as they come. The pixels are moved to the caller, not copied. */
await serveThread<UnpackThreadStart, null, ClipRef, Uint8Array>(async (start) => {
  const store = openMarkedStore(start.store, { id: start.storeId });
  return {
    opened: null,
    answer: async (clip) => {
      const answer = await readPixels(store, clip);
      return { answer, transfer: [answer.buffer] };
    },
    close: () => store.close(),
  };
});
