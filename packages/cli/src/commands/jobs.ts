import type { StyleFlowClient } from '@styleflow/client';
import { type Job, JobError } from '@styleflow/contracts';
import type { Command } from 'commander';
import { EXIT, exitCodeOf } from '../exit-codes.js';
import { printResult } from '../view/print-result.js';
import { followOnScreen } from '../view/progress-bar.js';
import { addClientFlags, type ClientFlags, connect } from './client-flags.js';
import { bring, submitVideo, videoName } from './follow-video.js';
import { addJobFlags, type JobFlags, jobOptionsOf } from './job-options.js';

/** The client commands: `submit`, `status`, `wait`, `results`, `cancel`, `retry`. */
export function addJobs(program: Command): void {
  const submit = program
    .command('submit')
    .argument('<video...>', 'files or http(s) URLs')
    .description('submit videos to a running API');
  addJobFlags(addClientFlags(submit))
    .option('--wait', 'wait for each, and show its result')
    .action(async (videos: string[], flags: ClientFlags & JobFlags & { wait?: true }) => {
      for (const video of videos) {
        const job = await submitVideo(connect(flags), video, jobOptionsOf(flags));
        if (flags.wait === true) await waitAndShow(connect(flags), job.id, videoName(video), flags);
        else showJob(job, flags);
      }
    });
  const onJob = (
    name: string,
    description: string,
    act: (client: StyleFlowClient, id: string, flags: ClientFlags) => Promise<void>,
  ): Command =>
    addClientFlags(program.command(name).argument('<job>', "the job's id").description(description)).action(
      (id: string, flags: ClientFlags) => act(connect(flags), id, flags),
    );
  onJob('status', 'show a job', async (client, id, flags) => showJob(await client.job(id), flags));
  onJob('wait', 'follow a job to its end and show its result', (client, id, flags) =>
    waitAndShow(client, id, id, flags),
  );
  onJob('cancel', 'cancel a job', async (client, id, flags) => showJob(await client.cancel(id), flags));
  onJob('retry', 'run a failed job again', async (client, id, flags) => showJob(await client.retry(id), flags));
  onJob(
    'results',
    "show an ended job's result; with --out bring result and report",
    async (client, id, flags: ClientFlags & { out?: string }) => {
      const job = await client.job(id);
      if (flags.out === undefined) return showResult(client, job, flags);
      const { result, report } = await bring(client, job, flags.out);
      process.stdout.write(
        flags.json === true
          ? `${JSON.stringify(result)}\n`
          : `${[...printResult(result), `report: ${report}`].join('\n')}\n`,
      );
    },
  ).option('--out <dir>', 'folder for result.json and report.html');
}

async function waitAndShow(client: StyleFlowClient, id: string, name: string, flags: ClientFlags): Promise<void> {
  const screen = followOnScreen(name, process.stderr);
  try {
    const job = await client.wait(id, { onChange: (seen) => screen.show(seen) });
    screen.end();
    await showResult(client, job, flags);
  } finally {
    screen.end();
  }
}

async function showResult(client: StyleFlowClient, job: Job, flags: ClientFlags): Promise<void> {
  if (job.error !== undefined || job.status === 'canceled') {
    const error = job.error ?? { code: 'canceled' as const, message: 'the job was canceled' };
    if (flags.json === true) process.stdout.write(`${JSON.stringify(job)}\n`);
    process.stderr.write(`error: ${error.code}: ${error.message}\n`);
    process.exitCode = exitCodeOf(error);
    return;
  }
  if (job.status !== 'succeeded')
    throw new JobError('conflict', `the job is still ${job.status}; \`styleflow wait ${job.id}\` follows it`);
  const result = await client.result(job.id);
  process.stdout.write(flags.json === true ? `${JSON.stringify(result)}\n` : `${printResult(result).join('\n')}\n`);
  process.exitCode = EXIT.done;
}

function showJob(job: Job, flags: ClientFlags): void {
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify(job)}\n`);
    return;
  }
  const { percent, framesDecoded, clipsPlanned, clipsScored } = job.progress;
  const outcome =
    job.verdict !== undefined
      ? ` · ${job.verdict.label}`
      : job.error !== undefined
        ? ` · ${job.error.code}: ${job.error.message}`
        : '';
  const done = percent === null ? '' : ` · ${Math.round(percent)} %`;
  process.stdout.write(
    `${job.id} ${job.status}${done} · ${framesDecoded} frames · ${clipsScored}/${clipsPlanned} clips${outcome}\n`,
  );
}
