import type { StyleFlowClient } from '@styleflow/client';
import type { Command } from 'commander';
import { EXIT, type ExitCode, exitCodeOf, sayError, worse } from '../exit-codes.js';
import { printResult } from '../view/print-result.js';
import { checkOutFolder, type FollowedVideo, followVideo } from './follow-video.js';
import { checkVideo, VIDEO_ARGUMENT, videoName } from './input-video.js';
import { addJobFlags, type JobFlags, jobOptionsOf, stabilityOption } from './job-options.js';
import { withTemporarySystem } from './temporary-system.js';

interface AnalyzeFlags extends JobFlags {
  readonly json?: true;
  readonly out: string;
  readonly bundle?: string;
}

/** `styleflow analyze`: analyses videos on an embedded system that is started for them and stopped afterwards. */
export function addAnalyze(program: Command): void {
  const command = program
    .command('analyze')
    .argument('<video...>', VIDEO_ARGUMENT)
    .description('analyse videos on this machine, without a running system')
    .option('--json', 'answer as JSON on stdout: one object per video')
    .option('--out <dir>', 'folder for results and reports', 'styleflow-results')
    .option('--bundle <dir>', 'model bundle to use (default: the untrained one)')
    .addOption(stabilityOption());
  addJobFlags(command).action(async (videos: string[], flags: AnalyzeFlags) => {
    const { usable, exitCode } = await refuseUnusable(videos);
    if (usable.length === 0) {
      process.exitCode = exitCode;
      return;
    }
    await checkOutFolder(flags.out);
    const outcome = await withTemporarySystem(flags.bundle, (client, signal) =>
      analyzeAll(client, usable, { flags, signal }),
    );
    process.exitCode = worse(exitCode, outcome);
  });
}

/** Checks the arguments first, so that no system is started for a mistyped name. */
async function refuseUnusable(videos: readonly string[]): Promise<{ usable: string[]; exitCode: ExitCode }> {
  const usable: string[] = [];
  let exitCode: ExitCode = EXIT.done;
  for (const video of videos) {
    await checkVideo(video).then(
      () => usable.push(video),
      (error: unknown) => {
        exitCode = worse(exitCode, sayError(error));
      },
    );
  }
  return { usable, exitCode };
}

async function analyzeAll(
  client: StyleFlowClient,
  videos: readonly string[],
  { flags, signal }: { flags: AnalyzeFlags; signal: AbortSignal },
): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.done;
  for (const video of videos) {
    try {
      const followed = await followVideo(client, video, {
        // Nobody could look at a preview: the system goes with the command.
        options: { ...jobOptionsOf(flags), preview: false },
        outFolder: flags.out,
        tellsRetries: true,
        signal,
      });
      exitCode = worse(exitCode, show(video, followed, flags.json === true));
    } catch (error) {
      signal.throwIfAborted();
      exitCode = worse(exitCode, sayError(error));
    }
  }
  return exitCode;
}

function show(video: string, { job, result, report }: FollowedVideo, json: boolean): ExitCode {
  if (json) process.stdout.write(`${JSON.stringify({ input: video, job, result, report })}\n`);
  if (result === undefined) {
    const error = job.error ?? { code: 'canceled' as const, message: 'the job was canceled' };
    process.stderr.write(`error: ${error.code}: ${videoName(video)}: ${error.message}\n`);
    return exitCodeOf(error);
  }
  if (!json) {
    const lines = [videoName(video), ...printResult(result, job.options), `report: ${report}`];
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  return EXIT.done;
}
