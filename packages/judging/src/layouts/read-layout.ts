import { readFaceForensics } from './face-forensics.js';
import type { FolderReader, LabelledList, ListChoice } from './labelled-video.js';
import { readCelebDf, readDeeperForensics, readDfdc, readWordFolders } from './other-layouts.js';

/**
 * Finds out which of the known layouts a folder has, and lists its videos with their truth.
 * @param files paths below the folder, with `/`
 * @throws RangeError with a sentence for a folder that has none, or holds pictures instead of videos
 */
export async function readLayout(
  files: readonly string[],
  read: FolderReader,
  choice: ListChoice,
): Promise<LabelledList> {
  const sorted = [...files].sort();
  for (const layout of [readDeeperForensics, readFaceForensics, readCelebDf, readDfdc, readWordFolders]) {
    const list = await layout(sorted, read, choice);
    if (list === null) continue;
    if (list.videos.length === 0)
      throw new RangeError(
        `nothing is left of the data set with this choice of split and compression: ${list.notes.join('; ')}`,
      );
    return list;
  }
  throw new RangeError(
    'the folder has none of the known layouts (FaceForensics++, Celeb-DF, DFDC, DeeperForensics, WildDeepfake, folders called real and fake); write a manifest with a column truth_label',
  );
}
