import type { JobStatus } from '@styleflow/contracts';
import type { Narrowing } from '../ports/job-lists.js';
import type { JobRecord } from '../ports/job-record.js';
import { searchName } from './job-name.js';

export function isNarrow({ label, minScore, maxScore, q }: Narrowing): boolean {
  return [label, minScore, maxScore, q].some((each) => each !== undefined);
}

/** The statuses among which something can fit; undefined: all. Only what has succeeded has a verdict. */
export function statusesOf(
  status: JobStatus | undefined,
  { label, minScore, maxScore }: Narrowing,
): JobStatus[] | undefined {
  if (status !== undefined) return [status];
  const needsVerdict = [label, minScore, maxScore].some((each) => each !== undefined);
  return needsVerdict ? ['succeeded'] : undefined;
}

/** The narrowing as the script takes it: what it lets through is a little more than fits. */
export function traitArguments({ label, minScore, maxScore, q = '' }: Narrowing): (string | number)[] {
  const tenThousandths = (score: number | undefined): number | '' =>
    score === undefined ? '' : Math.floor(score * 10_000);
  return [label?.slice(0, 1) ?? '', tenThousandths(minScore), tenThousandths(maxScore), q.toLowerCase()];
}

/** Whether a job fits. */
export function fitsNarrowing(
  job: Pick<JobRecord, 'id' | 'verdict' | 'metadata' | 'source'>,
  { label, minScore, maxScore, q }: Narrowing,
): boolean {
  const { verdict } = job;
  if (label !== undefined && verdict?.label !== label) return false;
  const score = verdict?.score ?? null;
  if (minScore !== undefined && (score === null || score < minScore)) return false;
  if (maxScore !== undefined && (score === null || score > maxScore)) return false;
  const beginning = q?.toLowerCase();
  return beginning === undefined || searchName(job).startsWith(beginning) || job.id.toLowerCase().startsWith(beginning);
}
