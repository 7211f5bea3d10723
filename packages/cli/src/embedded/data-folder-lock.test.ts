import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockDataFolder } from './data-folder-lock.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'styleflow-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('lockDataFolder', () => {
  it('refuses a second owner while the first lives, naming it and a way out', () => {
    const lock = lockDataFolder(folder);
    expect(() => lockDataFolder(folder)).toThrow(new RegExp(`process id ${process.pid}.*--data`));
    lock.release();
    lockDataFolder(folder).release();
  });

  it('takes over from a process that is gone', async () => {
    const child = spawn('true');
    await new Promise((resolve) => child.once('exit', resolve));
    writeFileSync(join(folder, 'owner.pid'), `${child.pid} 123`);
    const lock = lockDataFolder(folder);
    expect(readFileSync(join(folder, 'owner.pid'), 'utf8')).toMatch(new RegExp(`^${process.pid} `));
    lock.release();
  });

  it('takes over when the process id now belongs to another process', () => {
    writeFileSync(join(folder, 'owner.pid'), `${process.pid} 1`);
    lockDataFolder(folder).release();
  });

  it('is refused by the name of the flag where no folder can be', () => {
    writeFileSync(join(folder, 'file'), '');
    for (const place of [join(folder, 'file'), join(folder, 'file', 'below'), '/proc/styleflow']) {
      expect(() => lockDataFolder(place)).toThrow(/^--data: .* cannot be used as the data folder/);
    }
  });

  it('takes over from an unreadable lock', () => {
    writeFileSync(join(folder, 'owner.pid'), '');
    lockDataFolder(folder).release();
  });
});
