import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openRun, pendingOf } from './evaluate-run.js';
import type { ListedVideo } from './labelled-input.js';
import { failedOutcome } from './read-outcome.js';
import { RunFolder, tellChanges } from './run-folder.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'styleflow-run-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function video(id: string, isFake: boolean, size = 1): ListedVideo {
  return { id, source: `/${id}`, isFake, dataset: 'd', method: null, split: null, compression: null, size, mtimeMs: 1 };
}

const videos = [video('a', true), video('b', false), video('c', false)];
const listed = { videos, notes: [] };
const request = { input: 'x', protocol: 'all-faces', isAdapted: false, options: {}, seed: 1 } as const;

it('a run that was killed in the middle of a line goes on, and what is added later is read', async () => {
  const out = join(folder, 'killed');
  const begun = await openRun({ ...request, out }, listed);
  await begun.add(failedOutcome('a', null, 'media_corrupt'));
  await appendFile(join(out, 'videos.ndjson'), '{"id":"b","sta');
  const resumed = await openRun({ ...request, out }, listed);
  expect(pendingOf(resumed).map(({ id }) => id)).toEqual(['b', 'c']);
  await resumed.add(failedOutcome('b', null, 'storage_unavailable'));
  expect((await RunFolder.open(out)).outcomes.map(({ id }) => id)).toEqual(['a', 'b']);
  // What failed through no fault of the video is scored again.
  expect(pendingOf(resumed).map(({ id }) => id)).toEqual(['b', 'c']);
  expect(await readFile(join(out, 'run.json'), 'utf8')).toContain('"protocol": "all-faces"');
});

it('a run whose videos, protocol or options are others is refused with what is other', async () => {
  const out = join(folder, 'edited');
  await openRun({ ...request, out }, listed);
  const edited = [video('a', false), video('b', false, 2), video('n', true)];
  expect(tellChanges(videos, edited)).toBe(
    '1 video new (n); 1 video gone (c); 1 video with another label (a); 1 video changed (b)',
  );
  await expect(openRun({ ...request, out }, { videos: edited, notes: [] })).rejects.toThrow(/its videos were edited/);
  await expect(openRun({ ...request, out, protocol: 'ftcn' }, listed)).rejects.toThrow(
    /follows the protocol all-faces/,
  );
  await expect(openRun({ ...request, out, options: { maxFrames: 5 } }, listed)).rejects.toThrow(/other options/);
  const moved = videos.map((each) => ({ ...each, method: each.isFake ? 'swap' : null }));
  expect(tellChanges(videos, moved)).toContain('1 video in another data set, split or compression, or of another');
});

describe('a run whose folder was edited', () => {
  let out: string;
  let edit: (name: string, change: (text: string) => string) => Promise<void>;
  beforeEach(async () => {
    out = await mkdtemp(join(folder, 'by-hand-'));
    edit = async (name, change) =>
      writeFile(join(out, name), change(await readFile(join(out, name), 'utf8').catch(() => '')));
    const begun = await openRun({ ...request, out }, listed);
    await begun.add({ ...failedOutcome('a', null, 'media_corrupt'), sha256: 'x' });
    await begun.add(failedOutcome('b', null, 'media_corrupt'));
  });

  it.each([
    ['run.json', (text: string) => text.replace('all-faces', 'ftcn'), 'run.json was edited'],
    ['run.json', () => '{', 'run.json cannot be read'],
    ['list.ndjson', (text: string) => text.replace('true', 'false'), 'list.ndjson is missing or was edited'],
    ['list.ndjson', () => '', 'list.ndjson is missing or was edited'],
    ['videos.ndjson', (text: string) => text.replace('"b"', '"c"'), 'line 2 of videos.ndjson cannot be taken'],
    ['videos.ndjson', () => 'x\n', 'line 1 of videos.ndjson cannot be taken'],
  ])('%s: is not gone on with, and says what was', async (name, change, why) => {
    await edit(name, change);
    await expect(openRun({ ...request, out }, listed)).rejects.toThrow(why);
  });

  it('takes no line of another run, scores what is missing, and takes the lines of versions that wrote no check', async () => {
    const lines = await readFile(join(out, 'videos.ndjson'), 'utf8');
    const other = join(folder, 'other');
    await openRun({ ...request, out: other }, listed);
    await writeFile(join(other, 'videos.ndjson'), lines);
    await expect(RunFolder.open(other)).rejects.toThrow('another run wrote it');
    await writeFile(join(other, 'videos.ndjson'), lines.replaceAll(/,"check":"[0-9a-f]+"/g, ''));
    expect((await RunFolder.open(other)).outcomes).toHaveLength(2);
    await edit('videos.ndjson', (text) => text.split('\n').slice(1).join('\n'));
    expect(pendingOf(await openRun({ ...request, out }, listed)).map(({ id }) => id)).toEqual(['a', 'c']);
  });

  it('is refused to another bundle than the one that scored it', async () => {
    const begun = await openRun({ ...request, out }, listed);
    const conditions = { options: begun.run.options, preprocessing: 'p', precision: 'fp32' } as const;
    const facts = { digest: 'd', variant: 'content', trained: true, threshold: 0.5, provider: 'cpu', version: '1' };
    await begun.save({ ...begun.run, served: { bundle: 'one@1', ...facts, calibration: { a: 1, b: 0 }, conditions } });
    const open = (id: string) => openRun({ ...request, out, bundle: async () => id }, listed);
    await expect(open('two@2')).rejects.toThrow('it was scored by one@1, and not by two@2');
    expect((await open('one@1')).run.served?.bundle).toBe('one@1');
  });
});
