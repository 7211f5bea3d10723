import { toJobError } from '@styleflow/contracts';
import type { Command } from 'commander';
import { EXIT, type ExitCode, exitCodeOf, sayError, worse } from '../exit-codes.js';
import { addClientFlags, type ClientFlags, connect } from './client-flags.js';
import { submitVideo } from './follow-video.js';
import { VIDEO_ARGUMENT, videoName } from './input-video.js';
import { addJobFlags, type JobFlags, jobOptionsOf } from './job-options.js';
import { showJob, waitAndShow } from './jobs.js';

interface SubmitFlags extends ClientFlags, JobFlags {
  readonly bundle?: string;
  readonly wait?: true;
}

/** `styleflow submit`: sends videos to a running API, one after the other. */
export function addSubmit(program: Command): void {
  const submit = program
    .command('submit')
    .argument('<video...>', VIDEO_ARGUMENT)
    .description('submit videos to a running API');
  addJobFlags(addClientFlags(submit))
    .option('--bundle <id>', 'id of the model bundle (default: the one that the system serves)')
    .option('--wait', 'wait for each, and show its result')
    .action(async (videos: string[], flags: SubmitFlags) => {
      let exitCode: ExitCode = EXIT.done;
      for (const video of videos) exitCode = worse(exitCode, await submitOne(video, flags));
      process.exitCode = exitCode;
    });
}

/**
 * Submits one video. When it is refused, that is printed, and the next video can be submitted.
 * @throws JobError that the other videos would meet as well: the system failed, or takes nothing from this caller.
 */
async function submitOne(video: string, flags: SubmitFlags): Promise<ExitCode> {
  const client = connect(flags);
  const chosen = flags.bundle === undefined ? {} : { bundle: flags.bundle };
  try {
    const job = await submitVideo(client, video, { options: { ...jobOptionsOf(flags), ...chosen } });
    if (flags.wait !== true) return showJob(job, flags);
    return await waitAndShow(client, { id: job.id, name: videoName(video) }, flags);
  } catch (thrown) {
    const error = toJobError(thrown);
    if (exitCodeOf(error) === EXIT.failed || FOR_ALL.has(error.code)) throw error;
    return sayError(error);
  }
}

const FOR_ALL: ReadonlySet<string> = new Set(['unauthorized', 'bundle_unknown', 'rate_limited']);
