import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StyleFlowClient } from '@styleflow/client';
import { JobError } from '@styleflow/contracts';
import type { Command } from 'commander';
import { startEmbeddedSystem } from '../embedded/embedded-system.js';
import { inheritedEnv } from '../env.js';
import { EXIT, type ExitCode, exitCodeOf, sayError } from '../exit-codes.js';
import { printResult } from '../view/print-result.js';
import { type FollowedVideo, followVideo } from './follow-video.js';
import { addJobFlags, type JobFlags, jobOptionsOf } from './job-options.js';

interface AnalyzeFlags extends JobFlags {
  readonly json?: true;
  readonly out: string;
  readonly bundle?: string;
}

/** `styleflow analyze`: one-shot on an embedded system that lives as long as the command. */
export function addAnalyze(program: Command): void {
  const command = program
    .command('analyze')
    .argument('<video...>', 'files or http(s) URLs')
    .description('analyse videos on this machine, without a running system')
    .option('--json', 'answer as JSON on stdout: one object per video')
    .option('--out <dir>', 'folder for results and reports', 'styleflow-results')
    .option('--bundle <dir>', 'model bundle to use (default: the untrained one)');
  addJobFlags(command).action(async (videos: string[], flags: AnalyzeFlags) => {
    process.exitCode = await withTemporarySystem(flags.bundle, (client) => analyzeAll(client, videos, flags));
  });
}

/** Runs `task` against a system of its own, which is gone afterwards, also after Ctrl-C. */
export async function withTemporarySystem<T>(
  bundle: string | undefined,
  task: (client: StyleFlowClient) => Promise<T>,
): Promise<T> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'styleflow-'));
  const interrupted = new Promise<never>((_, reject) => {
    process.once('SIGINT', () => reject(new JobError('canceled', 'interrupted')));
    process.once('SIGTERM', () => reject(new JobError('canceled', 'interrupted')));
  });
  try {
    const system = await startEmbeddedSystem({
      dataFolder,
      port: 0,
      bundle,
      env: inheritedEnv,
      say: (sentence) => process.stderr.write(`${sentence}\n`),
    });
    try {
      return await Promise.race([task(new StyleFlowClient({ api: system.apiUrl })), interrupted]);
    } finally {
      await system.stop();
    }
  } finally {
    await rm(dataFolder, { recursive: true, force: true });
  }
}

async function analyzeAll(client: StyleFlowClient, videos: readonly string[], flags: AnalyzeFlags): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.done;
  for (const video of videos) {
    try {
      const followed = await followVideo(client, video, { options: jobOptionsOf(flags), outFolder: flags.out });
      exitCode = worse(exitCode, show(video, followed, flags.json === true));
    } catch (error) {
      exitCode = worse(exitCode, sayError(error));
    }
  }
  return exitCode;
}

function show(video: string, { job, result, report }: FollowedVideo, json: boolean): ExitCode {
  if (json) process.stdout.write(`${JSON.stringify({ input: video, job, result, report })}\n`);
  if (result === undefined) {
    const error = job.error ?? { code: 'canceled' as const, message: 'the job was canceled' };
    process.stderr.write(`error: ${error.code}: ${video}: ${error.message}\n`);
    return exitCodeOf(error);
  }
  if (!json) process.stdout.write(`${[video, ...printResult(result), `report: ${report}`].join('\n')}\n`);
  return EXIT.done;
}

/** A failure of the system outweighs a refused input. */
function worse(a: ExitCode, b: ExitCode): ExitCode {
  if (a === EXIT.failed || b === EXIT.failed) return EXIT.failed;
  return a === EXIT.refused || b === EXIT.refused ? EXIT.refused : EXIT.done;
}
