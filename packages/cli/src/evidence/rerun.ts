import { JobError, type Result, ResultSchema } from '@styleflow/contracts';
import { submitVideo } from '../commands/follow-video.js';
import { videoName } from '../commands/input-video.js';
import { withTemporarySystem } from '../commands/temporary-system.js';
import { followOnScreen } from '../view/progress-bar.js';
import { compareRuns, type RunComparison } from './compare-runs.js';

export type { RunComparison };

/**
 * Analyses the video once more on an embedded system, with the options that the result tells, and compares.
 * @throws JobError `invalid_request` for a result that cannot be repeated; what the analysis throws
 */
export async function rerun(text: string, video: string, bundle: string | undefined): Promise<RunComparison> {
  const before = readRepeatable(text);
  return withTemporarySystem(bundle, async (client, signal) => {
    const screen = followOnScreen(videoName(video), process.stderr);
    try {
      const submitted = await submitVideo(client, video, { options: { ...before.pipeline.options }, signal });
      const job = await client.wait(submitted.id, { onChange: (seen) => screen.show(seen), signal });
      if (job.status !== 'succeeded') {
        throw new JobError(job.error?.code ?? 'canceled', `the re-run: ${job.error?.message ?? 'it was canceled'}`);
      }
      return compareRuns(before, await client.result(job.id));
    } finally {
      screen.end();
    }
  });
}

function readRepeatable(text: string): Result {
  const parsed = ResultSchema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new JobError('invalid_request', 'the result is not one that this version can read');
  const { model, pipeline } = parsed.data;
  if (pipeline.options === undefined) {
    throw new JobError('invalid_request', 'the result is of an older version and does not tell its options');
  }
  if (model.provider?.includes('simulated')) {
    throw new JobError('invalid_request', 'the result is of a simulated device, whose numbers mean nothing');
  }
  return parsed.data;
}
