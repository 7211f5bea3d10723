import { JobError } from '@styleflow/contracts';
import { serveThread } from './serve-thread.js';

/** A thread for the tests of `thread-calls`. It echoes words, throws odd and long errors, and crashes on demand. */
await serveThread<{ refuse?: boolean }, string, string, string>(
  async ({ refuse }) => {
    if (refuse) throw new TypeError('not today');
    return {
      opened: 'here',
      answer: async (word) => {
        if (word === 'crash') {
          setImmediate(() => {
            throw new Error('out of the blue');
          });
          await new Promise(() => {});
        }
        if (word === 'huge') throw new JobError('inference_failed', 'no room', { cause: new RangeError('too long') });
        if (word === 'odd') throw new RangeError('odd word');
        return { answer: word };
      },
      close: async () => {},
    };
  },
  (error) => ({ isTooLong: error instanceof JobError && error.cause instanceof RangeError }),
);
