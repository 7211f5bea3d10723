import { appendFile, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { JobError } from '@styleflow/contracts';
import { digestList, LabelledVideoSchema, type Outcome, OutcomeSchema, type Run, RunSchema } from '@styleflow/judging';
import { printable, printCount } from '@styleflow/runtime';
import { z } from 'zod';
import type { ListedVideo } from './labelled-input.js';
import { isAsWritten, withCheck } from './run-check.js';

const ListedVideoSchema = LabelledVideoSchema.extend({ size: z.number().nullable(), mtimeMs: z.number().nullable() });

const RUN = 'run.json';
const LIST = 'list.ndjson';
const OUTCOMES = 'videos.ndjson';

/**
 * The folder of a run. `run.json`, `list.ndjson` (labels) and `videos.ndjson` (a line for each video that has ended, added at once) are
 * what everything else is computed from; a killed run goes on from them.
 */
export class RunFolder {
  readonly path: string;
  readonly videos: readonly ListedVideo[];
  readonly outcomes: Outcome[];
  #run: Run;

  private constructor(path: string, run: Run, videos: readonly ListedVideo[], outcomes: Outcome[]) {
    this.path = path;
    this.#run = run;
    this.videos = videos;
    this.outcomes = outcomes;
  }

  get run(): Run {
    return this.#run;
  }

  /** @throws JobError `invalid_request` where there is no run */
  static async open(path: string): Promise<RunFolder> {
    const folder = await RunFolder.find(path);
    if (folder === null) throw new JobError('invalid_request', `there is no run in ${printable(path)} (${RUN})`);
    return folder;
  }

  /** The run that was begun there; null for a folder that is empty or missing. @throws JobError for one that holds something else */
  static async find(path: string): Promise<RunFolder | null> {
    const entries = await readdir(path).catch((): string[] => []);
    // One that was killed before it had written what it is, is begun anew.
    if (entries.every((name) => name === LIST || name === draftOf(RUN))) return null;
    if (!entries.includes(RUN))
      throw new JobError('invalid_request', `${printable(path)} is not empty and holds no run; choose another folder`);
    const run = await readRun(path);
    const videos = await readLines(path, LIST, (line) => ListedVideoSchema.parse(line));
    if (digestList(videos) !== run.data.digest) throw damaged(path, `${LIST} is missing or was edited`);
    const outcomes = await readLines(path, OUTCOMES, (line) => {
      if (!isAsWritten(run.id, line)) throw new RangeError('it was edited, or another run wrote it');
      return OutcomeSchema.parse(line);
    });
    return new RunFolder(path, run, videos, outcomes);
  }

  static async create(path: string, run: Run, videos: readonly ListedVideo[]): Promise<RunFolder> {
    await mkdir(path, { recursive: true });
    await writeFile(join(path, LIST), videos.map((video) => `${JSON.stringify(video)}\n`).join(''));
    const folder = new RunFolder(path, run, videos, []);
    await folder.save(run);
    return folder;
  }

  async save(run: Run): Promise<void> {
    await this.write(RUN, `${JSON.stringify(withCheck(run.id, run), null, 2)}\n`);
    this.#run = run;
  }

  /** Before lines are added: half a line that a kill left would swallow the next one. */
  async dropBrokenLine(): Promise<void> {
    const text = await readFile(join(this.path, OUTCOMES), 'utf8').catch(() => '');
    if (text !== '' && !text.endsWith('\n')) await this.write(OUTCOMES, text.slice(0, text.lastIndexOf('\n') + 1));
  }

  async add(outcome: Outcome): Promise<void> {
    await appendFile(join(this.path, OUTCOMES), `${JSON.stringify(withCheck(this.#run.id, outcome))}\n`);
    this.outcomes.push(outcome);
  }

  /** Appears whole or not at all. */
  async write(name: string, content: string | Uint8Array): Promise<void> {
    const draft = join(this.path, draftOf(name));
    await writeFile(draft, content);
    await rename(draft, join(this.path, name));
  }
}

function draftOf(name: string): string {
  return `.${name.replaceAll('/', '-')}.new`;
}

async function readRun(path: string): Promise<Run> {
  let raw: unknown;
  try {
    raw = JSON.parse(await readFile(join(path, RUN), 'utf8'));
  } catch {
    throw damaged(path, `${RUN} cannot be read`);
  }
  const { success, data: run } = RunSchema.safeParse(raw);
  if (!success || !isAsWritten(run.id, raw)) throw damaged(path, `${RUN} was edited`);
  return run;
}

/** A line that was broken off by a kill counts for nothing, and so its video is scored again. */
async function readLines<T>(path: string, name: string, parse: (value: unknown) => T): Promise<T[]> {
  const text = await readFile(join(path, name), 'utf8').catch(() => '');
  return text
    .split('\n')
    .slice(0, -1)
    .flatMap((line, index) => {
      if (line === '') return [];
      try {
        return [parse(JSON.parse(line))];
      } catch (cause) {
        const why = cause instanceof RangeError ? cause.message : 'it is none of a run';
        const remedy = name === OUTCOMES ? 'Take the line out, and its video is scored again' : undefined;
        throw damaged(path, `line ${index + 1} of ${name} cannot be taken: ${why}`, remedy);
      }
    });
}

function damaged(path: string, what: string, remedy = 'Put it back as it was, or choose another folder'): JobError {
  return new JobError('invalid_request', `the run in ${printable(path)} cannot be read: ${what}. ${remedy}`);
}

/** In what the videos differ from those that the run was begun with, as a sentence; null when they are the same. */
export function tellChanges(before: readonly ListedVideo[], now: readonly ListedVideo[]): string | null {
  const known = new Map(before.map((video) => [video.id, video]));
  const current = new Set(now.map(({ id }) => id));
  const added = now.filter(({ id }) => !known.has(id)).map(({ id }) => id);
  const gone = before.filter(({ id }) => !current.has(id)).map(({ id }) => id);
  const other = (differs: (old: ListedVideo, video: ListedVideo) => boolean): string[] =>
    now
      .filter((video) => {
        const old = known.get(video.id);
        return old !== undefined && differs(old, video);
      })
      .map(({ id }) => id);
  const labels = other((old, { isFake }) => old.isFake !== isFake);
  const files = other(
    (old, { source, size, mtimeMs }) => old.source !== source || old.size !== size || old.mtimeMs !== mtimeMs,
  );
  const groups = other(
    (old, { dataset, method, split, compression }) =>
      JSON.stringify([old.dataset, old.method, old.split, old.compression]) !==
      JSON.stringify([dataset, method, split, compression]),
  );
  const told = [
    [added, 'new'],
    [gone, 'gone'],
    [labels, 'with another label'],
    [files, 'changed'],
    [groups, 'in another data set, split or compression, or of another method'],
  ] as const;
  const parts = told
    .filter(([ids]) => ids.length > 0)
    .map(
      ([ids, what]) =>
        `${printCount(ids.length, 'video')} ${what} (${ids.slice(0, 3).map(printable).join(', ')}${ids.length > 3 ? ', …' : ''})`,
    );
  return parts.length === 0 ? null : parts.join('; ');
}
