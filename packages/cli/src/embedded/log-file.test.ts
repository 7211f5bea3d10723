import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LogFile } from './log-file.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'styleflow-log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('a log that cannot be written drops lines, says so once, and goes on when it can', () => {
  const said: string[] = [];
  let now = 0;
  const path = join(folder, 'later', 'api.log');
  const log = new LogFile(
    path,
    (sentence) => said.push(sentence),
    () => now,
  );
  for (const line of ['one\n', 'two\n']) log.write(line);
  now += 6_000;
  log.write('three\n');
  mkdirSync(join(folder, 'later'));
  log.write('too early to be tried again\n');
  now += 6_000;
  log.write('five\n');
  log.write('six\n');
  log.close();
  expect(readFileSync(path, 'utf8')).toBe('five\nsix\n');
  expect(said).toEqual([
    expect.stringMatching(/api\.log cannot be written, so its lines are dropped: ENOENT/),
    expect.stringMatching(/can be written again; 4 lines are missing in it/),
  ]);
});
