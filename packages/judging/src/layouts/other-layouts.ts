import { readTruth } from '@styleflow/contracts';
import type { FolderReader, LabelledList, LabelledVideo, ListChoice } from './labelled-video.js';
import { truthOfFolder } from './truth-of-folder.js';

const isVideo = (path: string): boolean => /\.(mp4|m4v|mov|mkv|webm|avi|mpg|mpeg|wmv|flv)$/i.test(path);
const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

function video(path: string, isFake: boolean, more: Partial<LabelledVideo> & { dataset: string }): LabelledVideo {
  return { id: path, source: path, isFake, method: null, split: null, compression: null, ...more };
}

/** Celeb-DF (v2): `Celeb-real`, `YouTube-real`, `Celeb-synthesis`, and the list of test videos, whose 1 means real. */
export async function readCelebDf(
  files: readonly string[],
  read: FolderReader,
  { split }: ListChoice,
): Promise<LabelledList | null> {
  const folder = /(?:^|\/)(Celeb-real|YouTube-real|Celeb-synthesis)\/[^/]+$/;
  const found = files.filter((path) => folder.test(path) && isVideo(path));
  if (found.length === 0) return null;
  const list = files.find((path) => baseOf(path) === 'List_of_testing_videos.txt');
  const test = new Map<string, boolean>();
  for (const line of list === undefined ? [] : (await read(list)).split(/\r?\n/)) {
    const [, real, name] = /^\s*([01])\s+(\S.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined) test.set(name, real === '0');
  }
  const notes: string[] = [];
  const videos = found.map((path) => {
    const [, name = ''] = folder.exec(path) ?? [];
    const isFake = name === 'Celeb-synthesis';
    const inList = test.get(`${name}/${baseOf(path)}`);
    if (inList !== undefined && inList !== isFake)
      notes.push(
        `${path}: the list of test videos says ${inList ? 'fake' : 'real'}, its folder the opposite; the folder was believed`,
      );
    return video(path, isFake, {
      ...{ dataset: 'Celeb-DF v2', method: isFake ? 'Celeb-synthesis' : null },
      split: test.size === 0 ? null : inList === undefined ? 'train' : 'test',
    });
  });
  const missing = [...test.keys()].filter((name) => !found.some((path) => path.endsWith(name)));
  if (missing.length > 0)
    notes.push(`${missing.length} videos of the list of test videos are not there, as ${missing[0]}`);
  return bySplit(videos, split, notes);
}

/** DFDC: videos beside `metadata.json` (`{"a.mp4": {"label": "FAKE"}}`), or beside `labels.csv` (`filename,label`). */
export async function readDfdc(
  files: readonly string[],
  read: FolderReader,
  { split }: ListChoice,
): Promise<LabelledList | null> {
  const labels = new Map<string, { isFake: boolean; split: string | null }>();
  for (const path of files) {
    if (baseOf(path) === 'metadata.json') {
      const entries: unknown = JSON.parse(await read(path));
      if (typeof entries !== 'object' || entries === null) continue;
      for (const [name, entry] of Object.entries(entries)) {
        const isFake = readTruth(entry?.label ?? entry?.is_fake, { meansReal: false });
        if (isFake === null) continue;
        labels.set(joined(folderOf(path), name), {
          isFake,
          split: typeof entry.split === 'string' ? entry.split : null,
        });
      }
    }
    if (baseOf(path) === 'labels.csv') {
      for (const line of (await read(path)).split(/\r?\n/)) {
        const [name = '', label] = line.split(',');
        const isFake = readTruth(label, { meansReal: false });
        if (isVideo(name) && isFake !== null) labels.set(joined(folderOf(path), name), { isFake, split: null });
      }
    }
  }
  const found = files.filter((path) => labels.has(path));
  if (found.length === 0) return null;
  const videos = found.map((path) => {
    const { isFake = false, split: own = null } = labels.get(path) ?? {};
    return video(path, isFake, { dataset: 'DFDC', split: own });
  });
  const missing = labels.size - found.length;
  return bySplit(videos, split, missing > 0 ? [`${missing} videos that the label file names are not there`] : []);
}

/** DeeperForensics: `manipulated_videos/VARIANT/…`, `source_videos/…`, and the lists of `splits`. */
export async function readDeeperForensics(
  files: readonly string[],
  read: FolderReader,
  { split }: ListChoice,
): Promise<LabelledList | null> {
  const fakes = files.filter((path) => /(^|\/)manipulated_videos\//.test(path) && isVideo(path));
  if (fakes.length === 0) return null;
  const reals = files.filter((path) => /(^|\/)(source_videos|original_sequences)\//.test(path) && isVideo(path));
  const splits = new Map<string, string>();
  for (const path of files) {
    const [, name] = /(?:^|\/)splits\/(train|val|test)\.txt$/.exec(path) ?? [];
    if (name === undefined) continue;
    for (const line of (await read(path)).split(/\s+/)) if (line !== '') splits.set(baseOf(line), name);
  }
  const videos = fakes.map((path) => {
    const [, method = null] = /(?:^|\/)manipulated_videos\/([^/]+)\//.exec(path) ?? [];
    return video(path, true, { dataset: 'DeeperForensics', method, split: splits.get(baseOf(path)) ?? null });
  });
  const chosen = bySplit(videos, split, []);
  const notes = ['the lists of splits name fakes alone: all real videos were taken'];
  return {
    videos: [...chosen.videos, ...reals.map((path) => video(path, false, { dataset: 'DeeperForensics' }))],
    notes: splits.size > 0 ? [...chosen.notes, ...notes] : chosen.notes,
  };
}

/** WildDeepfake, and any folder whose folders say `real` and `fake`, also as `fake_test`. */
export async function readWordFolders(
  files: readonly string[],
  _read: FolderReader,
  { split }: ListChoice,
): Promise<LabelledList | null> {
  const labelled = files.flatMap((path) => {
    for (const folder of path.split('/').slice(0, -1)) {
      const isFake = truthOfFolder(folder);
      if (isFake !== null)
        return [{ path, isFake, split: /(test|train|val)/i.exec(folder)?.[1]?.toLowerCase() ?? null }];
    }
    return [];
  });
  const found = labelled.filter(({ path }) => isVideo(path));
  const isWild = labelled.some(({ path }) => /(^|\/)(real|fake)_(test|train)\//.test(path));
  if (found.length === 0) {
    const pictures = labelled.filter(({ path }) => /\.(png|jpe?g|tar\.gz|tar)$/i.test(path)).length;
    if (pictures === 0) return null;
    throw new RangeError(
      'this folder holds pictures or archives of them (WildDeepfake is published so); make a video of each sequence first, as `ffmpeg -i %d.png -crf 10 out.mp4`',
    );
  }
  const dataset = isWild ? 'WildDeepfake' : 'videos';
  const videos = found.map(({ path, isFake, split: own }) => video(path, isFake, { dataset, split: own }));
  return bySplit(videos, split, []);
}

function joined(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** The wanted split; without a word the test split, where videos have one. */
function bySplit(videos: readonly LabelledVideo[], wanted: string | undefined, notes: readonly string[]): LabelledList {
  const splits = new Set(videos.flatMap((each) => each.split ?? []));
  const chosen = wanted ?? (splits.has('test') ? 'test' : 'all');
  if (chosen === 'all') return { videos, notes };
  const taken = videos.filter((each) => each.split === chosen);
  return { videos: taken, notes: [...notes, `the split ${chosen}: ${taken.length} of ${videos.length} videos`] };
}
