import { setImmediate as laterTurn } from 'node:timers/promises';
import type { ThreadCalls } from '@styleflow/threads';

type Thread<Request, Answer> = Pick<ThreadCalls<unknown, Request, Answer>, 'call' | 'died'>;

/**
 * Calls a thread. A call never settles when the thread has died by itself, because the clip that was with it did not
 * fail. Whoever waits is released when the worker hands its clips back, or when the process ends.
 */
export function askWhileAlive<Request, Answer>({
  call,
  died,
}: Thread<Request, Answer>): (request: Request) => Promise<Answer> {
  let isDead = false;
  died.then(() => {
    isDead = true;
  });
  return async (request) => {
    try {
      return await call(request);
    } catch (error) {
      // The calls fail a moment before the thread's death is reported.
      await laterTurn();
      if (isDead) return new Promise(() => undefined);
      throw error;
    }
  };
}
