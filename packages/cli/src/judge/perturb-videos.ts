import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JobError, toJobError } from '@styleflow/contracts';
import { PERTURBATIONS, type Perturbation } from '@styleflow/judging';
import { perturbVideo } from '@styleflow/media';
import { printable } from '@styleflow/runtime';
import { failedOutcome } from './read-outcome.js';
import type { RunFolder } from './run-folder.js';
import { nameOf, type PendingVideo } from './score-videos.js';

/** A video with the changes under which it has no outcome yet. */
export interface PendingCopies {
  readonly id: string;
  readonly source: string;
  readonly changes: readonly Perturbation[];
}

/** Videos whose copies lie on the disk at once. */
export const VIDEOS_AT_ONCE = 8;
/** Frames of the video that are read for so many of its copies: at a fifth of its rate a copy needs five times as many. */
const FRAMES_FOR_ONE = 6;

/**
 * What is left to be scored under changes, of the videos that have a score without.
 * @throws JobError `invalid_request` for videos that are no files of this machine
 */
export function pendingCopies({ videos, outcomes }: RunFolder): PendingCopies[] {
  const ended = new Set(outcomes.map(nameOf));
  const scored = new Set(
    outcomes
      .filter(({ perturbation, faces }) => perturbation === undefined && faces.some(({ logits }) => logits.length > 0))
      .map(({ id }) => id),
  );
  return videos
    .filter(({ id }) => scored.has(id))
    .flatMap(({ id, source, size }) => {
      if (size === null)
        throw new JobError('invalid_request', `--perturb needs files of this machine; ${printable(id)} is an address`);
      const changes = PERTURBATIONS.filter(({ name }) => !ended.has(nameOf({ id, perturbation: name })));
      return changes.length === 0 ? [] : [{ id, source, changes }];
    });
}

/**
 * Writes the copies, hands them out, and deletes them. Each video is decoded once for all of its copies, of large pictures once for as
 * many as memory allows. A video whose copies cannot be made gets outcomes that say so.
 * @returns how often the videos were decoded
 * @throws JobError where this machine can make none; the signal's reason
 */
export async function withCopies(
  folder: RunFolder,
  group: readonly PendingCopies[],
  signal: AbortSignal,
  use: (copies: readonly PendingVideo[]) => Promise<void>,
): Promise<number> {
  const scratch = await mkdtemp(join(tmpdir(), 'styleflow-copies-'));
  const { maxFrames, sampling } = folder.run.options;
  const frames = sampling === 'head' ? maxFrames * FRAMES_FOR_ONE : 0;
  let decodes = 0;
  try {
    const copies: PendingVideo[] = [];
    for (const [index, { id, source, changes }] of group.entries()) {
      const place = join(scratch, String(index));
      await mkdir(place);
      const made = changes.map(({ name, filter, crf }) => ({ name, filter, crf, path: join(place, `${name}.mp4`) }));
      try {
        decodes += await perturbVideo(source, made, { maxFrames: frames, signal });
        copies.push(...made.map(({ name, path }) => ({ id, perturbation: name, source: path })));
      } catch (error) {
        signal.throwIfAborted();
        const { code, fault } = toJobError(error);
        // An ffmpeg that cannot make any copy is no fault of the video: what stood in the run would never be tried again.
        if (fault === 'system') throw error;
        for (const { name } of changes) await folder.add({ ...failedOutcome(id, null, code), perturbation: name });
      }
    }
    if (copies.length > 0) await use(copies);
    return decodes;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
