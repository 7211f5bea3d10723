import type { Job } from '@styleflow/contracts';
import { printable } from '@styleflow/runtime';

/** A job as one line: id, status, progress, file, and how it has ended. */
export function printJob(job: Job): string {
  const { percent, framesDecoded, clipsPlanned, clipsScored } = job.progress;
  const { file } = job.metadata;
  return [
    `${job.id} ${job.status}`,
    ...(percent === null ? [] : [`${Math.round(percent)} %`]),
    `${framesDecoded} frames`,
    `${clipsScored}/${clipsPlanned} clips`,
    ...(typeof file === 'string' ? [printable(file)] : []),
    ...outcome(job),
  ].join(' · ');
}

function outcome({ verdict, error }: Job): string[] {
  if (verdict !== undefined) return [verdict.label];
  return error === undefined ? [] : [`${error.code}: ${error.message}`];
}
