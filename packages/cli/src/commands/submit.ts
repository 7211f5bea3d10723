import type { Job, StyleFlowClient } from '@styleflow/client';
import { type Combine, toJobError } from '@styleflow/contracts';
import type { Command } from 'commander';
import { isLongFile, submitLongFile } from '../batch/submit-long-file.js';
import { stateFolder } from '../env.js';
import { EXIT, type ExitCode, exitCodeOf, sayError, worse } from '../exit-codes.js';
import { addClientFlags, type ClientFlags, connect, keyOf } from './client-flags.js';
import { submitVideo } from './follow-video.js';
import { checkVideo, isUrl, VIDEO_ARGUMENT, videoName } from './input-video.js';
import { watchInterruption } from './interruption.js';
import {
  addJobFlags,
  bundleOptionsOf,
  combineOption,
  type JobFlags,
  jobOptionsOf,
  parseIds,
  stabilityOption,
} from './job-options.js';
import { showJob, waitAndShow } from './jobs.js';

interface SubmitFlags extends ClientFlags, JobFlags {
  readonly bundle?: string;
  readonly bundles?: readonly string[];
  readonly combine?: Combine;
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
    .option('--bundles <ids>', 'instead: ids of up to four bundles, with commas, that all judge the video', parseIds)
    .addOption(combineOption())
    .addOption(stabilityOption())
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
  try {
    const job = await submitOnce(client, video, { ...jobOptionsOf(flags), ...bundleOptionsOf(flags) }, flags);
    if (flags.wait !== true) return showJob(job, flags);
    return await waitAndShow(client, { id: job.id, name: videoName(video) }, flags);
  } catch (thrown) {
    const error = toJobError(thrown);
    if (exitCodeOf(error) === EXIT.failed || FOR_ALL.has(error.code)) throw error;
    return sayError(error);
  }
}

/** A long file goes in parts: interrupted, the same command goes on where it stopped. */
async function submitOnce(
  client: StyleFlowClient,
  video: string,
  options: Readonly<Record<string, unknown>>,
  flags: SubmitFlags,
): Promise<Job> {
  await checkVideo(video);
  if (isUrl(video) || !(await isLongFile(video))) return submitVideo(client, video, { options });
  const { signal, release } = watchInterruption('interrupted; the same command goes on where it stopped');
  const owner = [flags.api, keyOf(flags) ?? ''];
  return submitLongFile(client, video, { ...{ options, owner, stateFolder, signal }, stream: process.stderr }).finally(
    release,
  );
}

const FOR_ALL: ReadonlySet<string> = new Set(['unauthorized', 'bundle_unknown', 'rate_limited']);
