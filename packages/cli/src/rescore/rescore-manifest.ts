import { createHash } from 'node:crypto';
import { LABEL_COLUMNS } from '@styleflow/contracts';
import type { EarlierVerdict } from './choose-jobs.js';

/** A manifest that names jobs, one a row under its own id, with what is known to be true of their videos. */
export function rescoreManifest(jobs: readonly EarlierVerdict[]): string {
  return jobs
    .map(({ id, metadata }) => {
      const labels = LABEL_COLUMNS.flatMap((name) => {
        const value = metadata[name];
        return typeof value === 'string' && value !== '' ? [[name, value] as const] : [];
      });
      return `${JSON.stringify({ source: `job:${id}`, id, ...Object.fromEntries(labels) })}\n`;
    })
    .join('');
}

/** The same jobs with the same options are the same submission: a command that is given again goes on with its batch. */
export function rescoreKey(manifest: string, options: object): string {
  return createHash('sha256')
    .update(`rescore\n${JSON.stringify(options)}\n${manifest}`)
    .digest('hex');
}

/** The job that a row of such a batch scored again; null for a row of another kind. */
export function earlierOf(source: string): string | null {
  return /^job:(job_\w+)$/.exec(source)?.[1] ?? null;
}
