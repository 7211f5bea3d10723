import { parentPort, workerData } from 'node:worker_threads';
import { toJobError } from '@styleflow/contracts';
import { type InferenceSession, openSession } from './session.js';
import {
  type RunRequest,
  type ThreadFault,
  type ThreadReply,
  type ThreadRequest,
  type ThreadStart,
  transferable,
} from './thread-messages.js';

/**
 * A worker thread that owns one session. Runs one set of feeds after the other; the arithmetic blocks this thread's event
 * loop and no other.
 */
const port = parentPort;
if (!port) throw new Error('inference-thread.ts runs only as a worker thread');

function faultOf(error: unknown): ThreadFault {
  const { code, message, retryable } = toJobError(error, 'inference_failed');
  return { code, message, retryable };
}

async function run(session: InferenceSession, { id, feeds }: RunRequest): Promise<ThreadReply> {
  const started = performance.now();
  try {
    const outputs = await session.run(feeds);
    return { type: 'ran', id, feeds, outcome: { outputs, seconds: (performance.now() - started) / 1000 } };
  } catch (error) {
    return { type: 'ran', id, feeds, outcome: { fault: faultOf(error) } };
  }
}

function reply(message: ThreadReply): void {
  // Outputs are small and may lie in the runtime's own memory: they are copied, only the feeds' memory is handed back.
  port?.postMessage(message, message.type === 'ran' ? transferable(message.feeds) : []);
}

const { model, options } = workerData as ThreadStart;
try {
  const session = await openSession(model, options);
  const { inputNames, outputNames, provider } = session;
  let last: Promise<void> = Promise.resolve();
  let isClosing = false;
  port.on('message', (request: ThreadRequest) => {
    if (request.type === 'close') isClosing = true;
    last = last.then(async () => {
      if (request.type === 'run' && !isClosing) reply(await run(session, request));
      if (request.type !== 'close') return;
      await session.release();
      port.close();
    });
  });
  reply({ type: 'opened', inputNames, outputNames, provider });
} catch (error) {
  reply({ type: 'refused', fault: faultOf(error) });
}
