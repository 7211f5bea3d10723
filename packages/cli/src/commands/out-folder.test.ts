import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkOutFolder } from './follow-video.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'styleflow-out-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the folder of --out', () => {
  it('is tried before the work, and nothing is left of the trial', async () => {
    await checkOutFolder(join(folder, 'a', 'b'));
    await checkOutFolder(folder);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is refused by the name of its flag where nothing can be written', async () => {
    writeFileSync(join(folder, 'file'), '');
    for (const place of [join(folder, 'file'), join(folder, 'file', 'below'), '/proc/styleflow/results']) {
      await expect(checkOutFolder(place)).rejects.toMatchObject({
        code: 'invalid_request',
        message: expect.stringMatching(/^--out: nothing can be written to /),
      });
    }
    expect(existsSync('/proc/styleflow')).toBe(false);
  });
});
