import { dropRunPixels } from '@styleflow/clips';
import { isEnded, JobError, type JobRun } from '@styleflow/contracts';
import type { SweepPorts } from './sweep-ports.js';

const PAGE = 500;

type Ports = Pick<SweepPorts, 'records' | 'store' | 'shadows' | 'logger'>;

/**
 * Lets go what shadows have not scored in time: from its deadline on a run's pixels stay for nobody. Of a job that has ended they are
 * deleted first, so that whoever is lost in between does it again; of one that has not, those that wait to be scored are needed, and
 * `finish` deletes what is left.
 */
export async function letShadowsGo(ports: Ports, signal?: AbortSignal): Promise<void> {
  const { shadows, logger } = ports;
  for (;;) {
    const runs = await shadows.overdue(PAGE);
    for (const run of runs) {
      if (signal?.aborted) return;
      await dropIfOver(ports, run);
      await shadows.letGo(run);
      // It may have ended between the two steps, with a `finish` that saw it held.
      await dropIfOver(ports, run);
      logger.info({ ...run }, 'shadows have missed a job');
    }
    if (runs.length < PAGE) return;
  }
}

async function dropIfOver({ records, store }: Ports, run: JobRun): Promise<void> {
  const record = await records.read(run.job).catch((error: unknown) => {
    if (!(error instanceof JobError) || error.fault === 'surroundings') throw error;
    return 'damaged' as const;
  });
  // Nobody knows whether its clips are to be kept: they go with the media.
  if (record === 'damaged') return;
  if (record !== null && record.run === run.run) {
    if (!isEnded(record.status)) return;
    if (record.options.keepCrops && record.status === 'succeeded') return;
  }
  await dropRunPixels(store, run);
}
