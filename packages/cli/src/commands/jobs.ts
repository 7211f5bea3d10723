import type { StyleFlowClient } from '@styleflow/client';
import type { Job } from '@styleflow/contracts';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { printJob } from '../view/print-job.js';
import { followOnScreen } from '../view/progress-bar.js';
import { addClientFlags, type ClientFlags, connect } from './client-flags.js';
import { bring, checkOutFolder } from './follow-video.js';
import { showResult } from './show-result.js';

/** The commands about one job of a running API: `status`, `wait`, `results`, `cancel`, `retry`. */
export function addJobs(program: Command): void {
  const onJob = (
    name: string,
    description: string,
    act: (client: StyleFlowClient, id: string, flags: ClientFlags) => Promise<ExitCode>,
  ): Command =>
    addClientFlags(program.command(name).argument('<job>', "the job's id").description(description)).action(
      async (id: string, flags: ClientFlags) => {
        process.exitCode = await act(connect(flags), id, flags);
      },
    );
  onJob('status', 'show a job', async (client, id, flags) => showJob(await client.job(id), flags));
  onJob('wait', 'follow a job to its end and show its result', (client, id, flags) =>
    waitAndShow(client, { id, name: id }, flags),
  );
  onJob('cancel', 'cancel a job', async (client, id, flags) => showJob(await client.cancel(id), flags));
  onJob('retry', 'run a failed job again', async (client, id, flags) => showJob(await client.retry(id), flags));
  onJob(
    'results',
    "show an ended job's result; with --out bring result and report",
    async (client, id, flags: ClientFlags & { out?: string }) => {
      if (flags.out !== undefined) await checkOutFolder(flags.out);
      const job = await client.job(id);
      if (job.status !== 'succeeded' || flags.out === undefined) return showResult(client, { job, name: id }, flags);
      const brought = await bring(client, job, flags.out);
      return showResult(client, { job, name: id, ...brought }, flags);
    },
  ).option('--out <dir>', 'folder for result.json and report.html');
}

export async function waitAndShow(
  client: StyleFlowClient,
  { id, name }: { id: string; name: string },
  flags: ClientFlags,
): Promise<ExitCode> {
  const screen = followOnScreen(name, process.stderr);
  let job: Job;
  try {
    job = await client.wait(id, { onChange: (seen) => screen.show(seen) });
  } finally {
    screen.end();
  }
  return showResult(client, { job, name }, flags);
}

export function showJob(job: Job, { json }: ClientFlags): ExitCode {
  process.stdout.write(`${json === true ? JSON.stringify(job) : printJob(job)}\n`);
  return EXIT.done;
}
