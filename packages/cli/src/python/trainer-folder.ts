import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { JobError } from '@styleflow/contracts';

/** From packages/cli/dist/python. */
const FOLDER = fileURLToPath(new URL('../../../trainer', import.meta.url));

/** The folder from which Python imports `styleflow_trainer`. @throws JobError `internal` in an installation without it */
export async function trainerFolder(): Promise<string> {
  await access(join(FOLDER, 'styleflow_trainer')).catch((cause: unknown) => {
    throw new JobError(
      'internal',
      `this installation has no trainer (${FOLDER}); it is in the repository and in the trainer's image`,
      {
        cause,
      },
    );
  });
  return FOLDER;
}
