import { fileURLToPath } from 'node:url';
import { JobError } from '@styleflow/contracts';
import type { Command } from 'commander';
import { printResult } from '../view/print-result.js';
import { followVideo } from './follow-video.js';
import { withTemporarySystem } from './temporary-system.js';

/** A video that the set-up makes; samples/README.md says from what. */
const SAMPLE = fileURLToPath(new URL('../../../../samples/face.mp4', import.meta.url));

/** `npm run demo`: sends a real video to the API and shows the result. */
export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('analyse the sample video through the API and show the result')
    .action(async () => {
      process.stderr.write('starting Redis, a file store, the API, a CPU worker and an inference worker …\n');
      await withTemporarySystem(undefined, async (client, signal) => {
        const { job, result, report } = await followVideo(client, SAMPLE, {
          outFolder: '.styleflow/demo',
          signal,
        });
        if (result === undefined)
          throw new JobError(job.error?.code ?? 'internal', job.error?.message ?? `the job ended ${job.status}`);
        process.stdout.write(
          `${[`POST /v1/jobs answered ${job.id}`, ...printResult(result, job.options), `report: ${report}`].join('\n')}\n`,
        );
      });
    });
}
