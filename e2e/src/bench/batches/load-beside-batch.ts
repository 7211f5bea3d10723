import { setTimeout as pause } from 'node:timers/promises';
import { type BatchId, isEnded, itemIndexOf, JobError } from '@styleflow/contracts';
import { mapBounded } from '@styleflow/runtime';
import { until } from '@styleflow/testing';
import type { BatchSystem, Owner } from './batch-system.js';
import { type LoadFigures, loadWithRequests } from './request-load.js';
import type { VideoSite } from './small-videos.js';
import { type Turn, type TurnsWatch, turnOf, watchTurns } from './watch-turns.js';

/** What is promised to a job that comes beside others: it starts when the next slot frees, after at most two of each other owner. */
export const MOST_BEFORE_IT = 2;

const SECONDS = 60;
/** One of ten requests is a POST: nine read. */
const POST_EVERY = 10;
const CANCELS_AT_ONCE = 16;

export interface BesideBatch {
  readonly system: BatchSystem;
  readonly site: VideoSite;
  readonly perSecond: number;
  readonly batch: BatchId;
}

export interface Posted {
  readonly owner: 'crowd' | 'single' | 'urgent';
  readonly id: string;
}

/**
 * A minute of requests by the owner `crowd`, and in its middle one job each of two further owners, the second with priority 1. Their
 * turns are read from what Redis notes of the queues.
 */
export async function loadBesideBatch(
  { system, site, perSecond, batch }: BesideBatch,
  say: (line: string) => void,
): Promise<{ posted: Posted[]; unanswered: number; figures: Record<string, unknown> }> {
  const posted: Posted[] = [];
  const scores = (await system.clientOf('operator').models()).models[0]?.queue ?? '';
  const prepares = watchTurns(system.redis, 'prepare');
  const clips = watchTurns(system.redis, scores);
  const crowd = new Set<string>();
  say(`${perSecond} requests a second for ${SECONDS} s, one of ${POST_EVERY} a POST`);
  const loading = loadWithRequests({
    ...{ url: system.url, key: system.keyOf('crowd'), perSecond, seconds: SECONDS, postEvery: POST_EVERY },
    // Every fourth has a face, so that clips of a competitor wait as well.
    bodyOf: (n) => ({
      source: { type: 'url', url: site.sourceOf(n % 4 === 0 ? 'face' : 'faceless', 1_000_000 + n).url },
    }),
    onPosted: (id) => {
      crowd.add(id);
      posted.push({ owner: 'crowd', id });
    },
  });
  const latecomers = (async () => {
    await pause((SECONDS * 1000) / 2);
    return Promise.all([
      oneJob(system, 'single', site.sourceOf('face', 2_000_001).url, {}),
      oneJob(system, 'urgent', site.sourceOf('face', 2_000_002).url, { priority: 1 }),
    ]);
  })();
  try {
    const [figures, jobs] = await Promise.all([loading, latecomers]);
    const ownerOf = (entry: string): string => {
      const job = entry.split('.')[0] ?? '';
      if (itemIndexOf(batch, job) !== null) return 'many';
      return crowd.has(job) ? 'crowd' : 'others';
    };
    // The last events of its own entries are read with the next look.
    await pause(500);
    const seen = jobs.map(({ owner, id, createdAtMs, untilPreparing, untilEnded }) => {
      posted.push({ owner, id });
      return {
        ...{ owner, untilPreparingSeconds: untilPreparing, untilEndedSeconds: untilEnded },
        prepare: shown(turnOf(prepares.events, `${id}.1.prepare`, ownerOf, createdAtMs)),
        clip: shown(turnOf(clips.events, `${id}.1.score.0.0`, ownerOf)),
      };
    });
    for (const each of seen) say(`${each.owner}: ${JSON.stringify(each)}`);
    // They have done their part: the rest of the run is the batch's.
    // Of POSTs whose answer was not waited for jobs may be there as well.
    const made = new Set(crowd);
    for await (const { id } of system.clientOf('crowd').jobs.list()) made.add(id);
    await mapBounded([...made], CANCELS_AT_ONCE, (id) => cancel(system, id));
    say(`${made.size} jobs of the crowd are canceled`);
    return {
      posted,
      unanswered: figures.post.errors,
      figures: {
        ...(figures satisfies LoadFigures),
        posted: crowd.size,
        bound: `it starts when the next slot frees, after at most ${MOST_BEFORE_IT} tensor batches of each other owner`,
        tensorBatchesAClip: 1,
        latecomers: seen,
        eventsMissed: anyGaps([prepares, clips]),
      },
    };
  } finally {
    await Promise.all([prepares.stop(), clips.stop()]);
  }
}

/** One that has ended meanwhile stays as it is. */
async function cancel({ clientOf }: BatchSystem, id: string): Promise<void> {
  await clientOf('crowd')
    .jobs.cancel(id)
    .catch((error: unknown) => {
      if (!(error instanceof JobError) || error.code !== 'conflict') throw error;
    });
}

const anyGaps = (watches: readonly TurnsWatch[]): boolean => watches.some(({ hasGaps }) => hasGaps());

function shown(turn: Turn | null): Record<string, unknown> | null {
  if (turn === null) return null;
  const { waitedMs, heldAtArrival, takenBefore } = turn;
  const most = Math.max(0, ...Object.values(takenBefore));
  return { waitedMs, heldAtArrival, takenBefore, mostOfOneOwner: most, isWithinBound: most <= MOST_BEFORE_IT };
}

async function oneJob(
  { clientOf }: BatchSystem,
  owner: Extract<Owner, 'single' | 'urgent'>,
  url: string,
  options: { readonly priority?: number },
): Promise<{
  owner: 'single' | 'urgent';
  id: string;
  createdAtMs: number;
  untilPreparing: number;
  untilEnded: number;
}> {
  const client = clientOf(owner);
  const { id } = await client.jobs.submit({ type: 'url', url }, { options });
  const job = await until(
    `the job of ${owner} has ended`,
    async () => {
      const now = await client.jobs.get(id);
      return isEnded(now.status) ? now : null;
    },
    { timeoutMs: 600_000 },
  );
  const since = (time: string | null | undefined): number =>
    time == null ? Number.NaN : (Date.parse(time) - Date.parse(job.createdAt)) / 1000;
  return {
    owner,
    id,
    createdAtMs: Date.parse(job.createdAt),
    untilPreparing: since(job.startedAt),
    untilEnded: since(job.finishedAt),
  };
}
