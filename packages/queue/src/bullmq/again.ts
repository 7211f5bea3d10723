import { type JobRun, MAX_PREPARED_AGAIN, type PreparePayload, prepareAgainId } from '@styleflow/contracts';
import type { Queue } from 'bullmq';
import type { RedisClient } from '../redis/connection.js';
import { prepareAgainOptions } from './entries.js';
import { takeTurn } from './turns.js';

/** Which `prepare` of the run is to be added next; null when there will be none, `under way` when one has not ended. */
export async function nextPrepare(prepare: Queue, run: JobRun): Promise<number | 'under way' | null> {
  for (let again = 1; again <= MAX_PREPARED_AGAIN; again += 1) {
    const state = await prepare.getJobState(prepareAgainId(run, again));
    if (state === 'unknown') return again;
    if (state === 'failed') return null;
    if (state !== 'completed') return 'under way';
  }
  return null;
}

/** `at`: the time by the clock of Redis. */
export async function addPrepareAgain(
  client: RedisClient,
  prepare: Queue,
  payload: PreparePayload,
  again: number,
  { at, weight }: { readonly at: number; readonly weight: number },
): Promise<void> {
  const timestamp = Math.round(at);
  const claimant = { owner: payload.owner, priority: payload.options.priority, ofBatch: payload.ofBatch, weight };
  const turn = await takeTurn(client, prepare, prepareAgainId(payload, again), claimant);
  await prepare.add(
    'prepare',
    { ...payload, again, againAt: timestamp },
    { ...prepareAgainOptions(payload, again, turn), timestamp },
  );
}

/**
 * Deletes a clip's entry that has ended, and what `finish` knows of it. May be repeated: whoever was lost in between finds the
 * entry gone and adds it.
 */
export async function forgetEnded(client: RedisClient, score: Queue, finishKey: string, id: string): Promise<void> {
  const state = await score.getJobState(id);
  if (state !== 'completed' && state !== 'failed') return;
  await client.hdel(`${finishKey}:failed`, score.toKey(id));
  await score.remove(id, { removeChildren: false });
}
