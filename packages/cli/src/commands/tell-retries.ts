import { setTimeout as pause } from 'node:timers/promises';
import type { StyleFlowClient } from '@styleflow/client';
import { entryId, JobError, type JobId } from '@styleflow/contracts';

const LOOK_EVERY_MS = 2_000;

/**
 * Tells of each failed attempt of a job's first stage that waits to be tried again: why, and when. Without it a job whose source does
 * not answer would look as if it stood still. It reads the queue, so it needs an admin, which callers of a private system are.
 * Ends with the signal; never rejects.
 */
export async function tellRetries(
  client: Pick<StyleFlowClient, 'entry'>,
  job: JobId,
  { say, signal, everyMs = LOOK_EVERY_MS }: { say: (sentence: string) => void; signal: AbortSignal; everyMs?: number },
): Promise<void> {
  let told = '';
  try {
    while (!signal.aborted) {
      await pause(everyMs, undefined, { signal });
      const entry = await client.entry('prepare', entryId.prepare({ job, run: 1 })).catch(unlessGone);
      if (entry?.state !== 'delayed' || entry.error === null || entry.retryAt === null || entry.retryAt === told)
        continue;
      told = entry.retryAt;
      const { failed, allowed } = entry.attempts;
      const seconds = Math.max(1, Math.ceil((Date.parse(entry.retryAt) - Date.now()) / 1000));
      const place = failed === 0 ? 'waits' : `attempt ${failed}${allowed === null ? '' : ` of ${allowed}`} failed`;
      say(`${place}: ${entry.error.code}: ${entry.error.message}; tried again in ${seconds} s`);
    }
  } catch {
    // Aborted. What cannot be read is not told; the job itself says how it ends.
  }
}

/** The entry leaves the queue with its job, and during an outage nobody can be asked. */
function unlessGone(error: unknown): null {
  if (error instanceof JobError) return null;
  throw error;
}
