import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSession } from '@styleflow/inference';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeAssets } from './write-assets.js';

describe('writeAssets', () => {
  let parent: string;
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'assets-'));
  });
  afterEach(() => rm(parent, { recursive: true }));

  it('writes face networks that load, and nothing the second time', async () => {
    const directory = join(parent, 'assets');
    expect(await writeAssets(directory)).toBe('written');
    for (const name of ['face-mesh.onnx', 'full-range.onnx']) {
      const session = await openSession(join(directory, 'faces', name), { providers: ['cpu'], threads: 1 });
      expect(session.inputNames).toHaveLength(1);
      await session.release();
    }
    expect(await writeAssets(directory)).toBe('unchanged');
    await writeFile(join(directory, 'stamp'), 'of older code');
    expect(await writeAssets(directory)).toBe('written');
    expect(await readdir(parent)).toEqual(['assets']);
  });

  it('leaves one whole folder when two processes write it at once', async () => {
    const directory = join(parent, 'assets');
    await Promise.all([writeAssets(directory), writeAssets(directory)]);
    expect(await readdir(parent)).toEqual(['assets']);
    expect((await readFile(join(directory, 'stamp'), 'utf8')).length).toBe(64);
    expect((await readdir(join(directory, 'faces'))).sort()).toEqual(['face-mesh.onnx', 'full-range.onnx']);
  });
});
