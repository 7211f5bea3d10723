import { serveThread } from '@styleflow/threads';
import type { PrepareRequest } from './prepare-messages.js';

/** For tests: takes a task and dies under it, as a fault in native code would. */
await serveThread(async () => ({
  opened: null,
  async answer(request: PrepareRequest): Promise<{ answer: { type: 'ok' } }> {
    if (request.type === 'next') process.exit(9);
    return { answer: { type: 'ok' } };
  },
  async close(): Promise<void> {},
}));
