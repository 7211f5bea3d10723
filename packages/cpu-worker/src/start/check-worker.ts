import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { JobError } from '@styleflow/contracts';
import { descriptorLimit, spareDescriptors } from '@styleflow/runtime';

/**
 * What a CPU worker itself may lack, beside scratch space (see `Scratch`). Each check throws JobError `internal` that names it (`away`): the job is not at fault, and
 * another worker may have it.
 */

/** Of a process that does nothing yet: its libraries, threads, connections. */
const IDLE_DESCRIPTORS = 64;
/** Of one video: pipes of ffmpeg and ffprobe, connections to its source and to the store, files. */
const DESCRIPTORS_PER_VIDEO = 32;
/** What an attempt that begins now opens first. */
const SPARE_DESCRIPTORS = 16;

/** ffmpeg and ffprobe can be found and started. */
export async function checkPrograms(path: string): Promise<void> {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  for (const program of ['ffmpeg', 'ffprobe']) {
    const found = await Promise.all(
      folders.map((folder) =>
        access(join(folder, program), constants.X_OK).then(
          () => true,
          () => false,
        ),
      ),
    );
    if (!found.includes(true)) {
      throw new JobError('internal', `${program} is not on the PATH of this worker.`, { away: 'programs' });
    }
  }
}

/** There are descriptors enough for one more attempt. */
export async function checkDescriptors(): Promise<void> {
  await spareDescriptors(SPARE_DESCRIPTORS).catch((error: unknown) => {
    throw descriptorsAway('has too few file descriptors left to begin another video', error);
  });
}

/** At the start: the limit of descriptors is enough for so many videos at once. */
export async function checkDescriptorLimit(videosAtOnce: number): Promise<void> {
  const limit = await descriptorLimit();
  const needed = IDLE_DESCRIPTORS + videosAtOnce * DESCRIPTORS_PER_VIDEO;
  if (limit === null || limit >= needed) return;
  throw descriptorsAway(
    `may open ${limit} files, and needs ${needed} for ${videosAtOnce} videos at once: raise \`ulimit -n\`, or lower STYLEFLOW_PREPARE_CONCURRENCY`,
  );
}

function descriptorsAway(what: string, cause?: unknown): JobError {
  return new JobError('internal', `This worker ${what}.`, { away: 'descriptors', cause });
}
