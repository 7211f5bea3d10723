import { isEnded, type JobId } from '@styleflow/contracts';
import type { JobRecord } from '@styleflow/queue';
import type { Response } from 'express';
import type { ApiPorts } from './api-ports.js';

/** Fires when the client has gone (and when it has its answer). */
export function goneSignal(response: Response): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return gone.signal;
}

/** Fires when the client has gone or the process must let go. */
export function releaseSignal(response: Response, stopping: AbortSignal): AbortSignal {
  return AbortSignal.any([goneSignal(response), stopping]);
}

/**
 * The job's record once it has ended, or as it stands after `waitMs` or when the signal fires; null when it is gone.
 * Subscribes first and reads then, so an end between the two is not missed.
 */
export async function waitForJob(
  { records, changes }: Pick<ApiPorts, 'records' | 'changes'>,
  id: JobId,
  waitMs: number,
  signal: AbortSignal,
): Promise<JobRecord | null> {
  if (waitMs <= 0) return records.read(id);
  const enough = new AbortController();
  const ended = changes.waitForEnd(id, waitMs, AbortSignal.any([signal, enough.signal]));
  // Refused (too many waiters) it is told below, and only to whom would have to wait.
  ended.catch(() => undefined);
  try {
    const record = await records.read(id);
    if (record === null || isEnded(record.status)) return record;
    await ended;
    return await records.read(id);
  } finally {
    enough.abort();
  }
}
