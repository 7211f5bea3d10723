import type { ClipRef } from '@styleflow/contracts';
import { openMarkedStore, type StoreSettings } from '@styleflow/storage';
import { serveThread } from '@styleflow/threads';
import { unpackClip } from './unpack-clip.js';

interface UnpackThreadStart {
  readonly store: StoreSettings;
  readonly storeId?: string;
}

/** A thread that fetches and unpacks clips as they come. The pixels are moved to the caller, not copied. */
void serveThread<UnpackThreadStart, null, ClipRef, Uint8Array>(async (start) => {
  const store = await openMarkedStore(start.store, { id: start.storeId });
  return {
    opened: null,
    answer: async (clip) => {
      const answer = await unpackClip(store, clip);
      return { answer, transfer: [answer.buffer] };
    },
    close: () => store.close(),
  };
});
