import { lackingScores } from '@styleflow/clips';
import { type ClipRef, type JobRun, scoreQueueName, variantsOf } from '@styleflow/contracts';
import type { JudgedRun } from '@styleflow/queue';
import type { SweepPorts } from './sweep-ports.js';

/**
 * Lets jobs with several bundles go on without those that nobody has served for longer than the outage budget: such a job is to end
 * with what it has, and `finish` names them. (A job with one bundle waits for its workers.) The record says so before entries are
 * taken out of the queue, so whoever is lost in between leaves a note by which the next round takes them out.
 */
export async function leaveBundlesOut(ports: SweepPorts, signal?: AbortSignal): Promise<void> {
  const served = await servedQueues(ports);
  for await (const runs of ports.opinions.unfinished()) {
    const wanted = [...new Set(runs.flatMap(({ bundles }) => bundles))];
    if (wanted.length === 0) continue;
    const isServed = (bundle: string): boolean => served.has(scoreQueueName(bundle));
    const absentSince = await ports.opinions.noteAbsent(
      wanted.filter(isServed),
      wanted.filter((bundle) => !isServed(bundle)),
    );
    const now = await ports.clock.now();
    for (const run of runs) {
      if (signal?.aborted) return;
      for (const bundle of run.bundles) await leaveOutLate(ports, run, bundle, { now, since: absentSince.get(bundle) });
    }
  }
}

/** The queues of bundles whose workers take clips, as far as they say. */
async function servedQueues({ announcements }: SweepPorts): Promise<ReadonlySet<string>> {
  const workers = await announcements.workers();
  return new Set(workers.flatMap(({ queue, health }) => (queue === undefined || health === 'starting' ? [] : [queue])));
}

/** `since`: when the bundle was first seen without workers; the run itself waits from its start on. */
async function leaveOutLate(
  ports: SweepPorts,
  { job, run: number, bundles, leftOut, startedAt }: JudgedRun,
  bundle: string,
  { now, since }: { readonly now: number; readonly since: number | undefined },
): Promise<void> {
  const { opinions, queue, logger, outageBudgetMs } = ports;
  const run: JobRun = { job, run: number };
  if (!leftOut.includes(bundle)) {
    if (since === undefined || startedAt === null) return;
    if (now - Math.max(since, startedAt) <= outageBudgetMs) return;
  }
  await queue.dropScores(run, bundle, async (clips) => {
    // One that has scored all there was is not missed.
    if (clips.length === 0 || !(await opinions.leaveOut(run, bundle))) return;
    logger.warn({ ...run, bundle, clips: clips.length }, 'a job goes on without a bundle that nobody serves');
    for (const { track, clip } of clips) await countIfDone(ports, { ...run, track, clip }, bundles);
  });
}

/**
 * A clip that only bundles which are left out have not scored is waited for no longer: uncounted, it would make decoding pause for ever.
 * One that another bundle still has to score is counted by that one, which looks after it has stored its score; so neither misses it.
 */
async function countIfDone({ records, store }: SweepPorts, clip: ClipRef, bundles: readonly string[]): Promise<void> {
  const record = await records.read(clip.job);
  const waitedFor = bundles.filter((bundle) => !record?.leftOut?.includes(bundle));
  const variants = record === null ? [] : variantsOf(record.options);
  if ((await lackingScores(store, clip, waitedFor, variants)).length > 0) return;
  await records.countClip(clip, clip.track, clip.clip);
}
