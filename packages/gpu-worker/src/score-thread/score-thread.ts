import { describeInferenceError, openThreadedSession } from '@styleflow/inference';
import { openMarkedStore } from '@styleflow/storage';
import { serveThread } from '@styleflow/threads';
import { BatchScorer } from './batch-scorer.js';
import { DeviceWatch } from './device-watch.js';
import type { ScoreAnswer, ScoreRequest, ScoreThreadOpened, ScoreThreadStart } from './score-messages.js';
import { openUnpackPool, unpackHere } from './unpack-pool.js';

/**
 * The thread that owns pixels. Its pool of threads (on the CPU this one) fetches and unpacks clips, this thread stacks them, and the
 * inference thread below it scores them, so that clips load while others are scored. It then stores the scores. None of
 * this loads the main loop, which renews the locks of queue entries.
 */
void serveThread<ScoreThreadStart, ScoreThreadOpened, ScoreRequest, ScoreAnswer>(async (start) => {
  const store = await openMarkedStore(start.store, { id: start.storeId });
  const pool =
    start.unpackThreads > 0 ? openUnpackPool(start.unpackThreads, start.store, start.storeId) : unpackHere(store);
  const session = await openThreadedSession(start.graphPath, {
    ...start.session,
    // With the CPU alone no node can run elsewhere.
    countsNodes: start.session.providers.some((provider) => provider !== 'cpu'),
  });
  // When the device is given up no call can be answered any more. This thread ends, and with it the process, which is
  // started anew.
  const watch = new DeviceWatch();
  Promise.race([session.died, pool.died, watch.gaveUp]).then((error) => {
    throw error;
  });
  const { graph, maxBatch, provenClipSeconds } = start;
  const scorer = new BatchScorer({ session, graph, store, unpack: pool.unpack, maxBatch, watch });
  const warm = await scorer.warmUp(provenClipSeconds);
  return {
    opened: { provider: session.provider, placement: session.placement, ...warm },
    answer: async (request) => ({ answer: await scorer.answer(request) }),
    close: async () => {
      await session.release();
      await pool.close();
      await store.close();
    },
  };
}, describeInferenceError);
