import { setTimeout as pause } from 'node:timers/promises';
import type { SupervisedProcess } from './supervised-process.js';
import { threadsOf } from './threads-of.js';

export interface Patience {
  /** How long one call may take. */
  readonly answerMs: number;
  /** How long it is asked again: the machine may be busy. */
  readonly totalMs: number;
}

const PATIENCE: Patience = { answerMs: 10_000, totalMs: 60_000 };
const PAUSE_MS = 500;
const LONGEST_ANSWER = 1000;

/** What a process says that is not ready; of one that does not answer at all, what each of its threads does. Null of a ready one. */
export async function unreadiness(
  { name, pid, own }: Pick<SupervisedProcess, 'name' | 'pid'> & { readonly own: { readonly adminPort: number } },
  { answerMs, totalMs }: Patience = PATIENCE,
): Promise<string | null> {
  const since = performance.now();
  for (let times = 1; ; times += 1) {
    const answer = await ask(own.adminPort, answerMs);
    if (answer instanceof Response) {
      return answer.ok ? null : `${name}: ${answer.status} ${(await answer.text()).slice(0, LONGEST_ANSWER)}`;
    }
    if (performance.now() - since >= totalMs) {
      const seconds = ((performance.now() - since) / 1000).toFixed(0);
      const threads = pid === null ? 'it does not run' : await threadsOf(pid);
      return `${name}: asked ${times} times in ${seconds} s: ${answer}; process ${pid}: ${threads}`;
    }
    await pause(Math.min(PAUSE_MS, totalMs));
  }
}

/** Why there was no answer, where there was none. */
async function ask(adminPort: number, answerMs: number): Promise<Response | string> {
  try {
    return await fetch(`http://127.0.0.1:${adminPort}/readyz`, { signal: AbortSignal.timeout(answerMs) });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return String(cause);
  }
}
