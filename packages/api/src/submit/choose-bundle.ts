import { type BundleFacts, isCalibrated, JobError, type JobOptions } from '@styleflow/contracts';
import type { Announcements } from '@styleflow/queue';
import { invalidRequest } from '../http/parse-request.js';
import type { ApiSettings } from '../ports/api-settings.js';

type BundleSettings = Pick<ApiSettings, 'defaultBundle' | 'shadowBundles'>;

/**
 * The bundle of jobs that name none: the one that the setting names, else the one that a live worker announced last,
 * else the newest known. A shadow is none: to start its worker must not put it before clients.
 */
export async function defaultBundleId(
  announcements: Announcements,
  { defaultBundle, shadowBundles }: BundleSettings,
): Promise<string | null> {
  if (defaultBundle !== undefined) return defaultBundle;
  const [workers, known] = await Promise.all([announcements.workers(), announcements.bundles()]);
  const bundles = known.filter(({ id }) => !shadowBundles.includes(id));
  const serving = workers
    .filter(({ bundle, health }) => bundle !== undefined && !shadowBundles.includes(bundle.id) && health !== 'draining')
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
  settings: BundleSettings,
): Promise<BundleFacts> {
  const id = wish ?? (await defaultBundleId(announcements, settings));
  if (id === null) {
    throw new JobError(
      'bundle_unknown',
      'No model bundle is known yet: start a gpu-worker, which announces its bundle.',
    );
  }
  const bundle = (await announcements.bundles()).find((known) => known.id === id);
  return bundle ?? refuseUnknown(id);
}

type BundleWish = Partial<Pick<JobOptions, 'bundle' | 'bundles' | 'combine'>>;

/**
 * The bundles that are to judge a new job: those that it names together, else the one of `chooseBundle`. The first of them is the
 * job's `bundle`; `bundles` is absent unless several were asked for.
 * @throws JobError `bundle_unknown` also where scores of bundles are to be averaged that were never calibrated; `invalid_request`
 */
export async function chooseBundles(
  announcements: Announcements,
  wish: BundleWish,
  settings: BundleSettings,
): Promise<{ readonly bundle: BundleFacts; readonly bundles?: readonly BundleFacts[] }> {
  const { bundle, bundles: ids, combine } = wish;
  if (ids === undefined) return { bundle: await chooseBundle(announcements, bundle, settings) };
  const known = new Map((await announcements.bundles()).map((facts) => [facts.id, facts]));
  const bundles = ids.map((id) => known.get(id) ?? refuseUnknown(id));
  const [first] = bundles;
  if (first === undefined || new Set(bundles.map(({ digest }) => digest)).size < ids.length) {
    // By their files: one under two names would have two votes.
    throw invalidRequest('options.bundles names different bundles.', [{ path: 'options.bundles', message: 'twice' }]);
  }
  if (bundle !== undefined) {
    const message = 'not together with options.bundles';
    throw invalidRequest('Name one bundle, or several.', [{ path: 'options.bundle', message }]);
  }
  const never = bundles.filter((each) => !isCalibrated(each)).map(({ id }) => id);
  if (combine === 'mean' && never.length > 0) {
    throw new JobError(
      'bundle_unknown',
      `Scores can be averaged of calibrated bundles alone, and ${never.join(', ')} ${never.length === 1 ? 'is' : 'are'} not: calibrate with styleflow calibrate, or combine by majority or any.`,
    );
  }
  return { bundle: first, bundles };
}

/** The options as the job keeps them: which bundle is fixed, unless there are several. */
export function withBundle<O extends BundleWish>(options: O, bundle: BundleFacts): O {
  return options.bundles === undefined ? { ...options, bundle: bundle.id } : options;
}

function refuseUnknown(id: string): never {
  throw new JobError('bundle_unknown', `No bundle ${id} is known; GET /v1/models lists those that are.`);
}
