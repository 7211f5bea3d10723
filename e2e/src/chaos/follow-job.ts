import { setTimeout as pause } from 'node:timers/promises';
import { isEnded, JobSchema } from '@styleflow/contracts';
import { pickFrom } from '@styleflow/testing';
import type { JobLog } from './client-log.js';
import type { Callers } from './create-job.js';

/** What a client does with a job beside waiting for it. */
export type Intent = 'wait' | 'cancel' | 'delete-running' | 'delete-ended';

const HOLD_S = 10;
const ANSWER_WITHIN_MS = 20_000;
const PAUSE_MS = 500;

/**
 * Follows one job to its end by held polls, and cancels or deletes it if that is the client's intent, each call repeated until it is
 * answered. It writes down what it was told.
 * @param now milliseconds since the start of the run.
 */
export async function followJob(log: JobLog, intent: Intent, callers: Callers, now: () => number): Promise<void> {
  if (intent === 'cancel') await cancel(log, callers);
  if (intent === 'delete-running') return remove(log, callers);
  while (!callers.signal.aborted) {
    const answer = await call(callers, `/v1/jobs/${log.id}`, 'GET', { Prefer: `wait=${HOLD_S}` });
    if (answer?.status === 404 || answer?.status === 410) log.goneTold += 1;
    const job = JobSchema.safeParse(answer?.body).data;
    if (job !== undefined && isEnded(job.status)) {
      if (!log.endsTold.includes(job.status)) log.endsTold.push(job.status);
      log.firstEndAtMs ??= now();
      break;
    }
    if (job === undefined) await rest(callers);
  }
  if (intent === 'delete-ended' && !callers.signal.aborted) await remove(log, callers);
}

async function cancel(log: JobLog, callers: Callers): Promise<void> {
  log.cancel = 'asked';
  while (!callers.signal.aborted) {
    const answer = await call(callers, `/v1/jobs/${log.id}/cancel`, 'POST');
    if (answer?.status === 202) log.cancel = 'accepted';
    // 409: it has ended.
    if (answer?.status === 202 || answer?.status === 409) return;
    if (answer?.status === 404) log.goneTold += 1;
    await rest(callers);
  }
}

async function remove(log: JobLog, callers: Callers): Promise<void> {
  log.deletion = 'asked';
  while (!callers.signal.aborted) {
    const answer = await call(callers, `/v1/jobs/${log.id}`, 'DELETE');
    // Gone: an earlier call of ours was done and not answered.
    if (answer !== null && [204, 404, 410].includes(answer.status)) {
      log.deletion = 'done';
      return;
    }
    await rest(callers);
  }
}

/** Null when nothing answered. */
async function call(
  { apis, random, signal }: Callers,
  path: string,
  method: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; body: unknown } | null> {
  const timed = AbortSignal.any([AbortSignal.timeout(ANSWER_WITHIN_MS), signal]);
  try {
    const response = await fetch(pickFrom(apis, random) + path, { method, headers, signal: timed });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  } catch {
    return null;
  }
}

async function rest({ random, signal }: Callers): Promise<void> {
  await pause(PAUSE_MS * (0.5 + random()), undefined, { signal }).catch(() => {});
}
