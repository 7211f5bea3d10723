import { type JobRun, MAX_UNSCORED_CLIPS } from '@styleflow/contracts';
import type { JobChanges, JobQueue, JobRecords } from '@styleflow/queue';

/** Re-reads at least this often: the net under the notices of change. */
const REREAD_MS = 2_000;

interface Ports {
  readonly records: JobRecords;
  readonly queue: Pick<JobQueue, 'childFailures'>;
  readonly changes: Pick<JobChanges, 'waitForChange'>;
}

/**
 * Back-pressure: returns once at most `MAX_UNSCORED_CLIPS` of the run's planned clips wait for a score (or when the signal
 * fires). Decoding stands still meanwhile, so a store never fills with pixels that nobody scores yet.
 * Clips are counted by the workers that score or give them up; those whose worker was lost for good count by their entries.
 * @param pixelsAClip how many sets of pixels lie in the store of each clip: more than one where it is re-encoded, too.
 */
export async function awaitScoring(
  ports: Ports,
  run: JobRun,
  planned: number,
  signal: AbortSignal,
  pixelsAClip = 1,
): Promise<void> {
  const most = Math.floor(MAX_UNSCORED_CLIPS / pixelsAClip);
  if (planned <= most) return;
  while (!signal.aborted) {
    const counted = (await ports.records.read(run.job))?.progress.clipsScored ?? planned;
    if (planned - counted <= most) return;
    // A change that comes between reading and waiting is made up for by the next one, or by the re-reading.
    if ((await ports.changes.waitForChange(run.job, REREAD_MS, signal)) !== null) continue;
    const { clips } = await ports.queue.childFailures(run);
    // Of several bundles more than one may have failed at a clip.
    const failed = new Set(clips.map(({ track, clip }) => `${track}.${clip}`)).size;
    if (planned - counted - failed <= most) return;
  }
}
