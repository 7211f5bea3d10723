import { faultOf, serveThread } from '@styleflow/threads';
import { type Feeds, type InferenceSession, openSession } from '../session/session.js';
import { openSimulatedSession } from '../session/simulated-session.js';
import { describeInferenceError } from './inference-fault.js';
import { type InferenceAnswer, type InferenceOpened, type InferenceStart, memoryOf } from './inference-messages.js';

/** A worker thread that owns one session. Computing blocks only this thread's event loop. */
void serveThread<InferenceStart, InferenceOpened, Feeds, InferenceAnswer>(async ({ model, options }) => {
  const session = options.simulated ? openSimulatedSession(options.simulated) : await openSession(model, options);
  const { inputNames, outputNames, provider } = session;
  // There is one device, so runs go one after the other. A call that comes early waits here, and its seconds count only
  // its own run.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (feeds: Feeds): Promise<InferenceAnswer['outcome']> => {
    const outcome = last.then(() => run(session, feeds));
    last = outcome;
    return outcome;
  };
  return {
    opened: { inputNames, outputNames, provider },
    // Outputs are copied: they are small, and may lie in the library's own memory. The memory of the feeds goes back.
    answer: async (feeds) => ({ answer: { feeds, outcome: await inTurn(feeds) }, transfer: memoryOf(feeds) }),
    close: () => session.release(),
  };
});

async function run(session: InferenceSession, feeds: Feeds): Promise<InferenceAnswer['outcome']> {
  const started = performance.now();
  try {
    const outputs = await session.run(feeds);
    return { outputs, seconds: (performance.now() - started) / 1000, placement: session.placement };
  } catch (error) {
    return { fault: faultOf(error, describeInferenceError) };
  }
}
