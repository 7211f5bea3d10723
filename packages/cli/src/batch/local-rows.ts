import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { JobError } from '@styleflow/contracts';
import { printable, printCount } from '@styleflow/runtime';
import { type LocalRow, readLocalManifest } from './local-manifest.js';
import { findVideos, type LocalVideo } from './video-inputs.js';

/** What the rows of a manifest name on this machine: the files, by the text of their rows' `source`. */
export type LocalSources = ReadonlyMap<string, readonly LocalVideo[]>;

const LISTED = 20;

/**
 * Looks for every path that a manifest names, counted from its folder. A path may lead to a folder, whose videos are then all meant.
 * @throws JobError `invalid_request` that lists what is not there, before anything is sent
 */
export async function findLocalSources(manifest: string): Promise<LocalSources> {
  const found = new Map<string, readonly LocalVideo[]>();
  const missing: string[] = [];
  for await (const row of readLocalManifest(manifest)) {
    const source = localSource(row);
    if (source === null || found.has(source)) continue;
    const path = resolve(dirname(manifest), source);
    const facts = await stat(path).catch(() => null);
    if (facts?.isFile() === true && facts.size > 0) found.set(source, [{ path, name: source }]);
    else if (facts?.isDirectory() === true) found.set(source, await videosIn(path, source, row.line));
    else
      missing.push(
        `line ${row.line}: ${facts === null ? 'there is no file' : 'empty, or no file:'} ${printable(source)}`,
      );
  }
  if (missing.length === 0) return found;
  const more = missing.length > LISTED ? [`and ${missing.length - LISTED} more`] : [];
  throw new JobError(
    'invalid_request',
    `${printable(manifest)} names ${printCount(missing.length, 'file')} that cannot be sent; paths count from its folder:\n${[...missing.slice(0, LISTED), ...more].join('\n')}`,
  );
}

async function videosIn(folder: string, source: string, line: number): Promise<LocalVideo[]> {
  const { videos } = await findVideos([folder]).catch((error: unknown) => {
    throw new JobError('invalid_request', `line ${line}: ${error instanceof Error ? error.message : error}`);
  });
  return videos.map(({ path, name }) => ({ path, name: `${source.replace(/\/+$/, '')}/${name}` }));
}

/** The rows with another source in the place of each path, in the same order; a row that names a folder becomes one for each video. */
export async function* rowsWithSources(
  manifest: string,
  sources: LocalSources,
  sourceOf: (path: string) => string,
): AsyncGenerator<Record<string, unknown>, void> {
  for await (const row of readLocalManifest(manifest)) {
    const { id, source, ...rest } = row.cells;
    const local = localSource(row);
    const videos = local === null ? undefined : sources.get(local);
    // `id` stands in every row, since the header of CSV is that of the first one.
    if (videos === undefined) yield { source, id: id ?? '', ...rest };
    for (const { path, name } of videos ?? []) {
      const given = typeof id === 'string' || typeof id === 'number' ? String(id) : '';
      const isOne = videos?.length === 1 && name === local;
      const own =
        given === '' ? name : isOne ? given : `${given}/${name.slice(String(local).replace(/\/+$/, '').length + 1)}`;
      yield { source: sourceOf(path), id: own, ...rest };
    }
  }
}

/** The path that a row names; null for an address, and for what is for the API to refuse. */
function localSource({ cells: { source } }: LocalRow): string | null {
  if (typeof source !== 'string' || source.trim() === '') return null;
  // One letter before a colon is a drive.
  return /^[a-z][a-z0-9+.-]+:/i.test(source.trim()) ? null : source.trim();
}
