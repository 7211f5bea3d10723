import type { StyleFlowClient } from '@styleflow/client';
import { type Job, JobError, type Result } from '@styleflow/contracts';
import { EXIT, type ExitCode, exitCodeOf } from '../exit-codes.js';
import { printResult } from '../view/print-result.js';
import { type ClientFlags, keyOf } from './client-flags.js';

export interface EndedJob {
  readonly job: Job;
  /** What the user called the video: its file's name, or the job's id. */
  readonly name: string;
  /** Without it, it is fetched. */
  readonly result?: Result;
  /** Absolute path of the report, when it was stored on this machine. */
  readonly report?: string;
}

/**
 * Prints the result on stdout, or on stderr why there is none.
 * @throws JobError `conflict` while the job has not ended.
 */
export async function showResult(client: StyleFlowClient, ended: EndedJob, flags: ClientFlags): Promise<ExitCode> {
  const { job, name, report } = ended;
  if (job.error !== undefined || job.status === 'canceled') {
    const error = job.error ?? { code: 'canceled' as const, message: 'the job was canceled' };
    if (flags.json === true) process.stdout.write(`${JSON.stringify(job)}\n`);
    process.stderr.write(`error: ${error.code}: ${name}: ${error.message}\n`);
    return exitCodeOf(error);
  }
  if (job.status !== 'succeeded')
    throw new JobError('conflict', `the job is still ${job.status}; \`npx styleflow wait ${job.id}\` follows it`);
  const result = ended.result ?? (await client.result(job.id));
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify(result)}\n`);
    return EXIT.done;
  }
  const lines = [
    ...printResult(result, job.options),
    `job:     ${job.id}`,
    `report: ${report ?? reportOf(job, flags)}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return EXIT.done;
}

/** Where the report is. Its address is given only for an API without keys, since a browser sends none. */
function reportOf(job: Job, flags: ClientFlags): string {
  if (keyOf(flags) !== undefined) return `\`npx styleflow results ${job.id} --out DIR\` brings it`;
  return `${flags.api.replace(/\/+$/, '')}/v1/jobs/${job.id}/report`;
}
