import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sourceStamp } from './source-stamp.js';

describe('sourceStamp', () => {
  let code: string;
  beforeEach(async () => {
    code = await mkdtemp(join(tmpdir(), 'stamp-'));
    await mkdir(join(code, 'networks'));
    await writeFile(join(code, 'networks', 'net.js'), 'one');
  });
  afterEach(() => rm(code, { recursive: true }));

  it('changes with code in a folder within the folder, and with the other files', async () => {
    const other = join(code, 'package.json');
    await writeFile(other, '{}');
    const stamps = [await sourceStamp(code, [other])];
    await writeFile(join(code, 'networks', 'net.js'), 'two');
    stamps.push(await sourceStamp(code, [other]));
    await writeFile(other, '{"version":"2"}');
    stamps.push(await sourceStamp(code, [other]));
    expect(new Set(stamps).size).toBe(3);
  });

  it('stays when only tests and maps change', async () => {
    const before = await sourceStamp(code, []);
    await writeFile(join(code, 'networks', 'net.test.js'), 'test');
    await writeFile(join(code, 'networks', 'net.js.map'), 'map');
    expect(await sourceStamp(code, [])).toBe(before);
  });
});
