import { dropRunPixels } from '@styleflow/clips';
import {
  type BundleFacts,
  type Comparison,
  digest12,
  JobError,
  type JobRun,
  MIN_SCORED_SHARE,
  type Prepared,
  type ShortVerdict,
} from '@styleflow/contracts';
import { type JobRecord, judgesOf } from '@styleflow/queue';
import { viewOf } from '../finish/build-result.js';
import { readScores } from '../finish/read-scores.js';
import { readPrepared } from '../prepared/read-prepared.js';
import type { SweepPorts } from './sweep-ports.js';

/** Looked at in one round; more wait for the next. */
const PAGE = 1_000;

export type ComparePorts = Pick<SweepPorts, 'records' | 'store' | 'clock' | 'shadows' | 'announcements' | 'logger'>;

/**
 * Compares what shadows have scored with what clients were shown. Both sides are worked out from stored scores by the rules of the
 * result, and an untrained bundle claims no verdict here either. May run twice: the latest comparison of a job stands.
 */
export async function compareShadows(ports: ComparePorts, signal?: AbortSignal): Promise<void> {
  const { shadows, store, logger } = ports;
  const runs = await shadows.scored(PAGE);
  if (runs.length === 0) return;
  const known = new Map((await ports.announcements.bundles()).map((facts) => [digest12(facts.digest), facts]));
  for (const { bundle, ...run } of runs) {
    if (signal?.aborted) return;
    const comparison = await compare(ports, run, known.get(bundle)).catch((error: unknown) => {
      if (error instanceof JobError && error.fault === 'surroundings') throw error;
      logger.warn({ ...run, bundle, err: error }, 'a shadow cannot be compared');
      return null;
    });
    // Whoever scored has deleted them, unless it was lost.
    if (await shadows.noteCompared({ ...run, bundle }, comparison)) await dropRunPixels(store, run);
  }
}

/** Null when there is too little to compare. */
async function compare(
  { records, store, clock }: ComparePorts,
  run: JobRun,
  shadow: BundleFacts | undefined,
): Promise<Comparison | null> {
  const record = await records.read(run.job);
  if (record?.status !== 'succeeded' || record.run !== run.run || shadow === undefined) return null;
  const prepared = await readPrepared(store, run);
  if (prepared === null || prepared === 'damaged') return null;
  const verdictOf = (bundle: BundleFacts, place: string | undefined): Promise<ShortVerdict | null> =>
    judge(store, record, prepared.value, { bundle, place });
  const own = await verdictOf(shadow, digest12(shadow.digest));
  if (own === null) return null;
  const served: Comparison['served'][number][] = [];
  for (const { bundle, place, isLeftOut } of judgesOf(record)) {
    const verdict = isLeftOut ? null : await verdictOf(bundle, place);
    if (verdict !== null) served.push({ bundle: bundle.id, verdict });
  }
  return served.length === 0 ? null : { ...run, at: Math.round(await clock.now()), shadow: own, served };
}

async function judge(
  store: SweepPorts['store'],
  record: JobRecord,
  prepared: Prepared,
  { bundle, place }: { readonly bundle: BundleFacts; readonly place: string | undefined },
): Promise<ShortVerdict | null> {
  const scores = await readScores(store, { job: record.id, run: record.run }, prepared, { bundle: place });
  if (scores.scored < scores.planned * MIN_SCORED_SHARE) return null;
  const { label, reason, score } = viewOf(record, prepared, { bundle, scores }).verdict;
  return { label, score, ...(reason !== undefined && { reason }) };
}
