import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { findTruthColumn, JobError, readTruth } from '@styleflow/contracts';
import { type LabelledVideo, type ListChoice, readLayout } from '@styleflow/judging';
import { printable, printCount } from '@styleflow/runtime';
import { glob } from 'tinyglobby';
import { type LocalRow, manifestFormat, readLocalManifest } from '../batch/local-manifest.js';

/** A labelled video with what tells whether its file was changed; nulls for an address. */
export interface ListedVideo extends LabelledVideo {
  readonly size: number | null;
  readonly mtimeMs: number | null;
}

export interface LabelledInput {
  readonly videos: readonly ListedVideo[];
  readonly notes: readonly string[];
}

export interface InputChoice extends ListChoice {
  readonly labelColumn?: string | undefined;
}

const LISTED = 10;

/**
 * The labelled videos of a manifest, or of a folder with one of the known layouts. Sources are absolute paths or addresses.
 * @throws JobError `invalid_request` saying what is missing: files, labels, a column, a layout
 */
export async function listLabelled(input: string, choice: InputChoice): Promise<LabelledInput> {
  const facts = await stat(input).catch(() => null);
  if (facts === null) throw refused(`there is no file or folder ${printable(input)}`);
  if (facts.isDirectory()) return listFolder(resolve(input), choice);
  if (manifestFormat(input) === null)
    throw refused(`${printable(input)} is no manifest: CSV, NDJSON or JSON, or a folder with a known layout`);
  return listManifest(resolve(input), choice);
}

async function listFolder(folder: string, choice: ListChoice): Promise<LabelledInput> {
  const paths = await glob('**', { cwd: folder, absolute: true, onlyFiles: true, expandDirectories: false });
  const files = paths.map((path) => relative(folder, resolve(path)).split(sep).join('/'));
  const read = (path: string): Promise<string> => readFile(join(folder, path), 'utf8');
  try {
    const { videos, notes } = await readLayout(files, read, choice);
    const listed = videos.map(async (video) => ({ ...video, ...(await fileFacts(join(folder, video.source))) }));
    return { videos: await Promise.all(listed), notes };
  } catch (error) {
    if (error instanceof RangeError) throw refused(`${printable(folder)}: ${error.message}`);
    if (error instanceof SyntaxError) throw refused(`${printable(folder)}: a label file is no JSON: ${error.message}`);
    throw error;
  }
}

async function listManifest(path: string, { labelColumn, split }: InputChoice): Promise<LabelledInput> {
  const rows: LocalRow[] = [];
  for await (const row of readLocalManifest(path)) rows.push(row);
  if (rows.length === 0) throw refused(`${printable(path)} has no rows`);
  const columns = [...new Set(rows.flatMap(({ cells }) => Object.keys(cells)))];
  const found = labelColumn === undefined ? findTruthColumn(columns) : namedColumn(columns, labelColumn);
  if (found === null)
    throw refused(
      `${printable(path)} has no column that says what is true (${columns.map(printable).join(', ')}); call it truth_label, or name it with --label-column`,
    );
  const faults: string[] = [];
  const seen = new Set<string>();
  const videos: ListedVideo[] = [];
  for (const { line, cells } of rows) {
    const text = (name: string): string | null => textOf(cells[name]);
    const source = text('source') ?? text('path') ?? text('file') ?? text('video') ?? text('url');
    const isFake = readTruth(cells[found.name], found);
    if (source === null) faults.push(`line ${line}: no source`);
    if (isFake === null)
      faults.push(`line ${line}: ${printable(String(cells[found.name] ?? ''))} is neither fake nor real`);
    if (source === null || isFake === null) continue;
    const isAddress = /^[a-z][a-z0-9+.-]+:/i.test(source);
    const place = isAddress ? source : resolve(dirname(path), source);
    const facts = isAddress ? { source, size: null, mtimeMs: null } : await fileFacts(place).catch(() => null);
    if (facts === null) {
      faults.push(`line ${line}: there is no file ${printable(source)}`);
      continue;
    }
    const given = text('id') ?? source;
    // A video may stand there twice, also under both labels: its figures say so.
    const id = seen.has(given) ? `${given} (line ${line})` : given;
    seen.add(id);
    videos.push({
      ...{ id, isFake, ...facts, dataset: text('dataset') ?? text('group') ?? basename(path).replace(/\.[^.]+$/, '') },
      ...{ method: isFake ? (text('method') ?? text('manipulation')) : null, split: text('split') },
      compression: text('compression'),
    });
  }
  if (faults.length > 0) {
    const more = faults.length > LISTED ? ` and ${printCount(faults.length - LISTED, 'more fault')}` : '';
    throw refused(`${printable(path)}: ${faults.slice(0, LISTED).join('; ')}${more}`);
  }
  const taken = split === undefined || split === 'all' ? videos : videos.filter((video) => video.split === split);
  if (taken.length === 0) throw refused(`${printable(path)}: no row has the split ${split}`);
  const notes = found.name === 'truth_label' ? [] : [`the column ${found.name} was taken for the truth`];
  return { videos: taken, notes };
}

function namedColumn(columns: readonly string[], name: string) {
  if (!columns.includes(name)) throw refused(`there is no column ${printable(name)}`);
  return findTruthColumn([name]) ?? { name, meansReal: false };
}

async function fileFacts(path: string): Promise<{ source: string; size: number; mtimeMs: number }> {
  const { size, mtimeMs } = await stat(path);
  return { source: path, size, mtimeMs };
}

function textOf(value: unknown): string | null {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
  return text === '' ? null : text;
}

function refused(sentence: string): JobError {
  return new JobError('invalid_request', sentence);
}
