import { JobError } from '@styleflow/contracts';
import type { ShardNote, ShardVideo } from '../shard/shard-note.js';

/** Of equal videos the first of these is kept: what is judged by must not be trained on. */
const KEPT_FIRST: readonly ShardVideo['split'][] = ['test', 'validation', 'train'];

/**
 * Videos whose bytes are also in another one: of each lot one is kept.
 * @throws JobError `invalid_request` where equal bytes are said to be real and fake.
 */
export function findDuplicates(notes: Iterable<Pick<ShardNote, 'videos'>>): ShardVideo[] {
  const kept = new Map<string, ShardVideo>();
  const duplicates: ShardVideo[] = [];
  for (const { videos } of notes) {
    for (const video of videos) {
      const other = kept.get(video.sha256);
      if (other === undefined) {
        kept.set(video.sha256, video);
        continue;
      }
      if (other.label !== video.label)
        throw new JobError(
          'invalid_request',
          `${other.id} (${other.label}) and ${video.id} (${video.label}) are the same file; one of the labels is wrong`,
        );
      const isBetter = KEPT_FIRST.indexOf(video.split) < KEPT_FIRST.indexOf(other.split);
      duplicates.push(isBetter ? other : video);
      if (isBetter) kept.set(video.sha256, video);
    }
  }
  return duplicates;
}
