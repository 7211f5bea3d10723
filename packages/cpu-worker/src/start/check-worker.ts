import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { JobError } from '@styleflow/contracts';
import { descriptorLimit, spareDescriptors } from '@styleflow/runtime';

/**
 * What a CPU worker itself may lack. Each check throws JobError `internal` that names it (`away`): the job is not at fault, and
 * another worker may have it.
 */

const PROBE = Buffer.alloc(4_096, 'scratch');
/** Less than this is full: the next source would end in the middle of its fetch. */
const LEAST_FREE_BYTES = 64 * 1024 ** 2;
/** Of a process that does nothing yet: its libraries, threads, connections. */
const IDLE_DESCRIPTORS = 64;
/** Of one video: pipes of ffmpeg and ffprobe, connections to its source and to the store, files. */
const DESCRIPTORS_PER_VIDEO = 32;
/** What an attempt that begins now opens first. */
const SPARE_DESCRIPTORS = 16;

/** Writes and reads in the scratch folder, and looks how much space is left there. */
export async function checkScratch(folder: string): Promise<void> {
  const probe = join(folder, `probe-${randomUUID()}`);
  try {
    await writeFile(probe, PROBE);
    if (!(await readFile(probe)).equals(PROBE)) throw scratchAway(`${folder} does not keep what is written`);
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize < LEAST_FREE_BYTES) {
      throw scratchAway(`${folder} has ${Math.floor((bavail * bsize) / 1024 ** 2)} MB free, and needs 64 at the least`);
    }
  } catch (error) {
    if (error instanceof JobError) throw error;
    if (isOutOfDescriptors(error)) throw descriptorsAway('has no file descriptor left', error);
    throw scratchAway(`${folder} cannot be used: ${messageOf(error)}`, error);
  } finally {
    await rm(probe, { force: true }).catch(() => undefined);
  }
}

/** ffmpeg and ffprobe can be found and started. */
export async function checkPrograms(path = process.env.PATH ?? ''): Promise<void> {
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

function scratchAway(what: string, cause?: unknown): JobError {
  return new JobError('internal', `The scratch folder ${what}.`, { away: 'scratch', cause });
}

function descriptorsAway(what: string, cause?: unknown): JobError {
  return new JobError('internal', `This worker ${what}.`, { away: 'descriptors', cause });
}

function isOutOfDescriptors(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EMFILE' || error.code === 'ENFILE');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
