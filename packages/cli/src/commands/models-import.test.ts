import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FAMILY } from '@styleflow/testing/models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { styleflowProgram } from '../program.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'models-import-'));
});
afterAll(() => rm(folder, { recursive: true }));

const importContent = async (...flags: string[]) => {
  const command = ['models', 'import', '--content', FAMILY.content, '--out', join(folder, 'out'), ...flags];
  return (await styleflowProgram()).parseAsync(['node', 'styleflow', ...command]);
};

describe('models import', () => {
  it.each([
    [['--precision', 'int8'], '--int8-clips DIR|JOB…'],
    [['--int8-vnni'], '--int8-vnni goes with --precision int8, not fp32'],
    [['--precision', 'int8', '--int8-clips', tmpdirWithout('clips')], 'cannot be read, and is no job'],
  ])('refuses %j in words', async (flags, words) => {
    await expect(importContent(...flags)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining(words),
    });
  });

  it('ends what it began for a terminal when the clips are not found', async () => {
    const listeners = process.listenerCount('SIGINT');
    const clips = ['--precision', 'int8', '--int8-clips', tmpdirWithout('clips')];
    await expect(importContent(...clips)).rejects.toMatchObject({ code: 'invalid_request' });
    expect(process.listenerCount('SIGINT')).toBe(listeners);
  });
});

function tmpdirWithout(name: string): string {
  return join(tmpdir(), `no-${name}-${process.pid}`);
}
