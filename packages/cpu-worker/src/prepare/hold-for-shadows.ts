import { digest12, digestOfId, type JobRun } from '@styleflow/contracts';
import { type JobRecord, judgesOf, type ShadowRuns } from '@styleflow/queue';
import type { Logger } from '@styleflow/runtime';

/** Whether the pixels of a run that has so many clips by now stay for shadows. Never rejects. */
export type ClipKeeper = (clips: number) => Promise<boolean>;

/** What operators have set. */
export interface ShadowSettings {
  /** Ids of bundles. */
  readonly bundles: readonly string[];
  /** From the first start of a run on. */
  readonly deadlineMs: number;
}

interface Ports {
  readonly shadows: Pick<ShadowRuns, 'hold' | 'keepClips'>;
  readonly logger: Logger;
}

/**
 * Holds a run's clips for those shadows that do not judge the job anyhow. What goes wrong with it costs the comparison, never the job.
 */
export async function holdForShadows(
  { shadows, logger }: Ports,
  { bundles, deadlineMs }: ShadowSettings,
  record: JobRecord,
): Promise<ClipKeeper> {
  const run: JobRun = { job: record.id, run: record.run };
  const judges = judgesOf(record).map(({ bundle }) => digest12(bundle.digest));
  const wanted = bundles.map(digestOfId).filter((shadow) => !judges.includes(shadow));
  const ask = (call: () => Promise<boolean>): Promise<boolean> =>
    call().catch((error: unknown) => {
      logger.warn({ ...run, err: error }, 'shadows miss a job');
      return false;
    });
  const { keepCrops } = record.options;
  let isHeld = wanted.length > 0 && (await ask(() => shadows.hold(run, wanted, { forMs: deadlineMs, keepCrops })));
  return async (clips) => {
    isHeld &&= await ask(() => shadows.keepClips(run, clips));
    return isHeld;
  };
}
