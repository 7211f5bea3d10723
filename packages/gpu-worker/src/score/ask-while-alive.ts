import { setImmediate as laterTurn } from 'node:timers/promises';
import type { ThreadCalls } from '@styleflow/threads';

type Thread<Request, Answer> = Pick<ThreadCalls<unknown, Request, Answer>, 'call' | 'died'>;

/**
 * Calls of a thread, which are left open once it has died by itself: a clip that was with it then did not fail. Whoever waits
 * for it is let go when the worker hands its clips back, or ends with the process.
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
      // Its calls fail a moment before it is told that it died.
      await laterTurn();
      if (isDead) return new Promise(() => undefined);
      throw error;
    }
  };
}
