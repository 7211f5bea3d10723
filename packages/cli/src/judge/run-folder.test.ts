import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
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
});
