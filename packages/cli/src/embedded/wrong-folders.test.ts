// @module-tag linux
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { JobError } from '@styleflow/contracts';
import { openSettingFolder } from '@styleflow/files';
import { mountSmallDisk } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkOutFolder } from '../commands/follow-video.js';
import { lockDataFolder } from './data-folder-lock.js';

/** Folders that somebody may name, and what is said of them. Root may write where others may not: it is nobody here. */
const KINDS: Readonly<Record<string, RegExp>> = {
  file: /is no folder \((EEXIST|ENOTDIR)\); name another/,
  'file/below': /a part of this path is no folder \(ENOTDIR\)/,
  'forbidden/below': /this user may not write there \(EACCES\); name another folder, or let/,
  'read-only': /this user may not write there \(EACCES\)/,
  circle: /(no folder|its links lead in a circle) \((EEXIST|ELOOP)\)/,
  'circle/below': /its links lead in a circle \(ELOOP\); name another/,
  nowhere: /\((EEXIST|ENOENT)\); name another/,
  '/proc/styleflow/data': /no folder can be made there \(ENOENT\); name another/,
  '/proc/self/fd': /\(E\w+\); name another/,
  '/sys/styleflow': /\(E\w+\); name /,
  'too-long': /too long for the file system \(ENAMETOOLONG\)/,
};

/** Whoever opens the folder of a flag or setting; what it made is taken away again. */
const OPENERS: Readonly<Record<string, (folder: string) => Promise<void>>> = {
  '--data': async (folder) => lockDataFolder(folder).release(),
  '--out': checkOutFolder,
  STYLEFLOW_SCRATCH_DIR: (folder) => openSettingFolder('STYLEFLOW_SCRATCH_DIR', folder),
  STYLEFLOW_BUNDLE_CACHE: (folder) => openSettingFolder('STYLEFLOW_BUNDLE_CACHE', folder),
};
const NOBODY = 65_534;
const isRoot = process.geteuid?.() === 0;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'styleflow-wrong-'));
  writeFileSync(join(folder, 'file'), '');
  for (const name of ['forbidden', 'read-only']) mkdirSync(join(folder, name));
  symlinkSync('circle', join(folder, 'circle'));
  symlinkSync('gone', join(folder, 'nowhere'));
  mkdirSync(join(folder, 'fine'), { mode: 0o777 });
  for (const name of ['', 'fine']) chmodSync(join(folder, name), 0o777);
  chmodSync(join(folder, 'read-only'), 0o555);
  chmodSync(join(folder, 'forbidden'), 0o000);
  if (isRoot) process.seteuid?.(NOBODY);
});
afterAll(() => {
  if (isRoot) process.seteuid?.(0);
  rmSync(folder, { recursive: true, force: true });
});

function placeOf(kind: string): string {
  if (kind.startsWith('/')) return kind;
  return join(folder, kind === 'too-long' ? 'x'.repeat(300) : kind);
}

async function refusal(open: (folder: string) => Promise<void>, place: string): Promise<string> {
  const error: unknown = await open(place).then(
    () => 'it was taken',
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof JobError)) throw new Error(`not refused by a sentence: ${String(error)}`);
  return `${error.code}: ${error.message}`;
}

describe.each(Object.entries(OPENERS))('the folder of %s', (name, open) => {
  it.each(Object.entries(KINDS))('that is %s is refused by its name, with what to do', async (kind, sentence) => {
    const said = await refusal(open, placeOf(kind));
    expect(said).toMatch(sentence);
    expect(said.startsWith(`invalid_request: ${name}: `)).toBe(true);
    expect(said).toContain(placeOf(kind));
  });

  it('may be missing together with those above it, and may be told from where one is', async () => {
    await open(join(folder, 'fine', name, 'a', 'b'));
    await open(relative(process.cwd(), join(folder, 'fine', name, 'c')));
    expect(readdirSync(join(folder, 'fine'))).not.toContain('file');
  });
});

it('a data folder in which the place of the logs is taken is refused, and nobody owns it', async () => {
  const place = join(folder, 'fine', 'logs-taken');
  mkdirSync(place);
  writeFileSync(join(place, 'logs'), '');
  expect(await refusal(async (path) => lockDataFolder(path).release(), place)).toMatch(
    /^invalid_request: --data: .*no folder/,
  );
  expect(readdirSync(place)).toEqual(['logs']);
});

it('a data folder on a full disk is refused, and can be used when there is space', async (test) => {
  if (isRoot) process.seteuid?.(0);
  const disk = await mountSmallDisk(join(folder, 'disk'), 1_000_000);
  if (disk === null) return test.skip('this user may not mount');
  try {
    await disk.fill();
    const said = await refusal(async (path) => lockDataFolder(path).release(), disk.folder);
    expect(said).toMatch(/^invalid_request: --data: .* its disk is full \(ENOSPC\); free some space/);
    await disk.free();
    lockDataFolder(disk.folder).release();
  } finally {
    await disk.stop();
  }
});
