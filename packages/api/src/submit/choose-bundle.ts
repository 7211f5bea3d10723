import { type BundleFacts, JobError } from '@styleflow/contracts';
import type { Announcements } from '@styleflow/queue';

/**
 * The bundle of jobs that name none: the one that the setting names, else the one that a live worker announced last,
 * else the newest known.
 */
export async function defaultBundleId(
  announcements: Announcements,
  setting: string | undefined,
): Promise<string | null> {
  if (setting !== undefined) return setting;
  const [workers, bundles] = await Promise.all([announcements.workers(), announcements.bundles()]);
  const serving = workers
    .filter((worker) => worker.bundle !== undefined && worker.health !== 'draining')
    .sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  return serving[0]?.bundle?.id ?? bundles[0]?.id ?? null;
}

/**
 * The bundle to which a new job is fixed.
 * @throws JobError `bundle_unknown` when none is known, or none of that id.
 */
export async function chooseBundle(
  announcements: Announcements,
  wish: string | undefined,
  setting: string | undefined,
): Promise<BundleFacts> {
  const id = wish ?? (await defaultBundleId(announcements, setting));
  if (id === null) {
    throw new JobError(
      'bundle_unknown',
      'No model bundle is known yet: start a gpu-worker, which announces its bundle.',
    );
  }
  const bundle = (await announcements.bundles()).find((known) => known.id === id);
  if (bundle === undefined) {
    throw new JobError('bundle_unknown', `No bundle ${id} is known; GET /v1/models lists those that are.`);
  }
  return bundle;
}
