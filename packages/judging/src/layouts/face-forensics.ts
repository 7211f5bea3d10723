import type { FolderReader, LabelledList, LabelledVideo, ListChoice } from './labelled-video.js';

const VIDEO = /(?:^|\/)(original|manipulated)_sequences\/([^/]+)\/([^/]+)\/videos\/([^/]+)\.[^./]+$/;
const SPLIT_FILE = /(?:^|\/)(train|val|test)\.json$/;
/** Recorded with actors, with fakes of its own; published figures keep it apart. */
const ACTORS = 'DeepFakeDetection';

/**
 * FaceForensics++: `original_sequences/youtube/c23/videos/000.mp4`, `manipulated_sequences/METHOD/c23/videos/000_003.mp4`, and the
 * pairs of `train.json`, `val.json`, `test.json`. Null for another layout.
 */
export async function readFaceForensics(
  files: readonly string[],
  read: FolderReader,
  { split, compression }: ListChoice,
): Promise<LabelledList | null> {
  const found = files.flatMap((path) => {
    const [, kind, origin, compressed, name] = VIDEO.exec(path) ?? [];
    return kind === undefined || origin === undefined || compressed === undefined || name === undefined
      ? []
      : [{ path, isFake: kind === 'manipulated', origin, compressed, name }];
  });
  if (found.length === 0) return null;
  const notes: string[] = [];
  const compressions = [...new Set(found.map(({ compressed }) => compressed))].sort();
  const chosen = compression ?? (compressions.includes('c23') ? 'c23' : compressions[0]);
  if (compressions.length > 1 && compression === undefined)
    notes.push(`of the compressions ${compressions.join(', ')} ${chosen} was taken; --compression chooses`);
  const splitOf = await readSplits(files, read);
  const wanted = split ?? (splitOf === null ? 'all' : 'test');
  if (splitOf === null && wanted !== 'all')
    notes.push('there is no train.json, val.json, test.json: all videos were taken');
  const videos = found
    .filter(({ compressed }) => compressed === chosen)
    .map(({ path, isFake, origin, compressed, name }): LabelledVideo => {
      const isActors = origin === ACTORS || origin === 'actors';
      return {
        ...{ id: path, source: path, isFake, compression: compressed },
        dataset: isActors ? ACTORS : 'FaceForensics++',
        method: isFake ? origin : null,
        split: isActors ? null : (splitOf?.(name) ?? null),
      };
    });
  const taken = videos.filter((video) => splitOf === null || wanted === 'all' || video.split === wanted);
  const actors = videos.filter(({ dataset }) => dataset === ACTORS);
  if (actors.length > 0 && taken.length < videos.length) notes.push(`${ACTORS} has no splits: all of it was taken`);
  return { videos: [...new Set([...taken, ...actors])], notes };
}

/** By a video's name the split that holds all of its people; null when the folder has no lists. */
async function readSplits(
  files: readonly string[],
  read: FolderReader,
): Promise<((name: string) => string | null) | null> {
  const splits = new Map<string, string>();
  for (const path of files) {
    const [, split] = SPLIT_FILE.exec(path) ?? [];
    if (split === undefined) continue;
    const pairs: unknown = JSON.parse(await read(path));
    if (!Array.isArray(pairs)) continue;
    for (const person of pairs.flat()) splits.set(String(person), split);
  }
  if (splits.size === 0) return null;
  return (name) => {
    const of = [...new Set(name.split('_').map((person) => splits.get(person) ?? null))];
    return of.length === 1 ? (of[0] ?? null) : null;
  };
}
