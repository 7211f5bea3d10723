import type { StyleFlowClient } from '@styleflow/client';
import type { Job } from '@styleflow/contracts';
import { repeatCall } from '../batch/repeat-call.js';
import type { Where } from './where.js';

const PAGE = 200;

/** What is kept of a job that is to be scored again: there may be a hundred thousand. */
export type EarlierVerdict = Pick<Job, 'id' | 'verdict' | 'metadata' | 'rescoreOf'> & { readonly bundle: string };

export interface ChosenJobs {
  /** Oldest first, so that a batch of them is always in the same order. */
  readonly jobs: readonly EarlierVerdict[];
  /** Jobs that the bundle has judged already. */
  readonly judged: number;
  /** Jobs that score another one again which is among those that are meant. */
  readonly repeats: number;
}

/** Looks through the list of jobs for those that are meant and that the bundle has not judged. */
export async function chooseJobs(
  client: Pick<StyleFlowClient, 'list'>,
  { query, since, until }: Where,
  bundle: string,
  signal: AbortSignal,
): Promise<ChosenJobs> {
  const found = new Map<string, EarlierVerdict>();
  let judged = 0;
  let cursor: string | undefined;
  do {
    const wish = { ...query, limit: PAGE, ...(cursor !== undefined && { cursor }) };
    const page = await repeatCall(() => client.list(wish), signal);
    for (const job of page.jobs as unknown as readonly Job[]) {
      const at = Date.parse(job.createdAt);
      if ((until !== null && at >= until) || (since !== null && at < since)) continue;
      if (job.options.bundle === bundle) judged += 1;
      else found.set(job.id, keptOf(job));
    }
    const last = page.jobs.at(-1);
    // Newest first: nothing that follows is younger.
    const isPast = since !== null && last !== undefined && Date.parse(last.createdAt) < since;
    cursor = isPast ? undefined : (page.nextCursor ?? undefined);
  } while (cursor !== undefined);
  const all = [...found.values()];
  const jobs = all.filter(({ rescoreOf }) => rescoreOf === undefined || !found.has(rescoreOf));
  return { jobs: jobs.reverse(), judged, repeats: all.length - jobs.length };
}

/** What a comparison needs of a job. */
export function keptOf({ id, verdict, metadata, rescoreOf, options }: Job): EarlierVerdict {
  const bundle = options.bundles?.join(' + ') ?? options.bundle ?? '';
  return { id, bundle, metadata, ...(verdict && { verdict }), ...(rescoreOf && { rescoreOf }) };
}
