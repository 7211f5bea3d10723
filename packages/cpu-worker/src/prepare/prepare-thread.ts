import { JobError } from '@styleflow/contracts';
import { openFaceDetector } from '@styleflow/faces';
import { openMarkedStore } from '@styleflow/storage';
import { serveThread } from '@styleflow/threads';
import type { PrepareAnswer, PrepareEvent, PrepareRequest, PrepareTask, ThreadStart } from './prepare-messages.js';
import { type PreparePorts, PrepareView, prepareVideo } from './prepare-video.js';
import { digestDetector, digestPreprocessing } from './preprocessing-digest.js';
import { redrawStrip } from './redraw-strip.js';

/**
 * The thread of one prepare slot: all bytes and pixels pass here, off the event loop that renews locks. It lives as long
 * as the process and opens the face networks once.
 */
void serveThread(async (start: ThreadStart) => {
  const ports: PreparePorts = {
    store: await openMarkedStore(start.store, { id: start.storeId }),
    detector: await openFaceDetector(start.detector, { threads: start.limits.detectThreads }),
    limits: start.limits,
    preprocessing: {
      adaptive: await digestPreprocessing(start.detector, 'adaptive'),
      dense: await digestPreprocessing(start.detector, 'dense'),
    },
    detectorDigest: await digestDetector(start.detector),
  };
  let work: Work | null = null;

  async function stop(): Promise<void> {
    const current = work;
    work = null;
    await current?.stop();
  }

  return {
    opened: null,
    async answer(request: PrepareRequest): Promise<{ answer: PrepareAnswer }> {
      switch (request.type) {
        case 'start':
          await stop();
          work = startWork(request.task, ports);
          return { answer: { type: 'ok' } };
        case 'next':
          if (!work) throw new JobError('internal', 'there is nothing to prepare');
          return { answer: { type: 'event', event: await work.next() } };
        case 'look':
          return {
            answer: { type: 'progress', progress: work?.view.progress ?? { framesDecoded: 0, framesTotal: null } },
          };
        case 'redraw':
          await redrawStrip(ports.store, request.from, request.to);
          return { answer: { type: 'ok' } };
        case 'stop':
          await stop();
          return { answer: { type: 'ok' } };
      }
    },
    async close(): Promise<void> {
      await stop();
      await ports.detector.release();
      await ports.store.close();
    },
  };
});

interface Work {
  readonly view: PrepareView;
  next(): Promise<PrepareEvent>;
  /** Resolves when nothing of it runs any more. */
  stop(): Promise<void>;
}

function startWork(task: PrepareTask, ports: PreparePorts): Work {
  const view = new PrepareView();
  const abort = new AbortController();
  const events = prepareVideo(task, ports, view, abort.signal);
  return {
    view,
    async next() {
      const step = await events.next();
      if (step.done) throw new JobError('internal', 'the work had ended already');
      return step.value;
    },
    async stop() {
      abort.abort(new JobError('canceled', 'The job was canceled.'));
      // Waits for a running `next`, whose caller gets the abort's reason; here the work only has to be over.
      await events.return();
    },
  };
}
