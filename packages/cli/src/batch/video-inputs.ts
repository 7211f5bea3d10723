import { stat } from 'node:fs/promises';
import { basename, extname, relative, resolve, sep } from 'node:path';
import { JobError } from '@styleflow/contracts';
import { printable } from '@styleflow/runtime';
import { glob } from 'tinyglobby';

/** A file of this machine that is to become an item of a batch. */
export interface LocalVideo {
  /** Absolute. */
  readonly path: string;
  /** Its id in the batch: the path below the folder that was named, with `/` on every system. */
  readonly name: string;
}

/** Endings of files that are taken from a folder. A file that is named itself, or by a pattern, may have any. */
const VIDEO_ENDINGS = new Set(
  '.mp4 .m4v .mov .mkv .webm .avi .mpg .mpeg .ts .m2ts .mts .wmv .flv .3gp .ogv .mxf'.split(' '),
);

export interface FoundVideos {
  readonly videos: readonly LocalVideo[];
  /** Files of the folders that have none of the endings. */
  readonly passedOver: number;
}

/**
 * The videos that folders, patterns and files name, sorted by name, each once.
 * @throws JobError `invalid_request` for what names nothing, and for two files that would have one id
 */
export async function findVideos(inputs: readonly string[]): Promise<FoundVideos> {
  const found = new Map<string, LocalVideo>();
  let passedOver = 0;
  for (const input of inputs) {
    const facts = await stat(input).catch(() => null);
    if (facts?.isDirectory() === true) {
      const files = await filesBelow(input);
      const videos = files.filter((path) => VIDEO_ENDINGS.has(extname(path).toLowerCase()));
      passedOver += files.length - videos.length;
      if (videos.length === 0) throw refused(`in the folder ${printable(input)} there is no video`);
      for (const path of videos) found.set(path, { path, name: relative(resolve(input), path).split(sep).join('/') });
    } else if (facts?.isFile() === true) {
      const path = resolve(input);
      found.set(path, { path, name: basename(path) });
    } else {
      const matches = await glob(input, { absolute: true, onlyFiles: true, expandDirectories: false });
      if (matches.length === 0)
        throw refused(`there is no file or folder ${printable(input)}, and no file fits it as a pattern`);
      const base = resolve(fixedPart(input));
      for (const match of matches) {
        const path = resolve(match);
        found.set(path, { path, name: relative(base, path).split(sep).join('/') });
      }
    }
  }
  const videos = [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  refuseEqualNames(videos);
  return { videos, passedOver };
}

async function filesBelow(folder: string): Promise<string[]> {
  const paths = await glob('**', { cwd: folder, absolute: true, onlyFiles: true, expandDirectories: false });
  return paths.map((path) => resolve(path));
}

/** The folder of a pattern: what stands before its first part with a special character. */
function fixedPart(pattern: string): string {
  const parts = pattern.split('/');
  const first = parts.findIndex((part) => /[*?[\]{}()!]/.test(part));
  return parts.slice(0, first < 0 ? -1 : first).join('/') || (pattern.startsWith('/') ? '/' : '.');
}

function refuseEqualNames(videos: readonly LocalVideo[]): void {
  videos.forEach((video, index) => {
    const before = videos[index - 1];
    if (before?.name !== video.name) return;
    throw refused(
      `${printable(before.path)} and ${printable(video.path)} would both be called ${printable(video.name)}; name the folder above them`,
    );
  });
}

function refused(sentence: string): JobError {
  return new JobError('invalid_request', sentence);
}
