import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importBundle } from '@styleflow/converter';
import { FAMILY, readNpy, TINY } from '@styleflow/testing/models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEnv } from './env.js';
import { findPsp } from './open-psp.js';

describe('style codes of a clip', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'styleflow-psp-'));
    const options = { name: 'test', trained: true, threshold: 0.2 };
    const [psp, content] = [join(folder, 'psp'), join(folder, 'content')];
    await importBundle({ ...options, parts: true, checkpoints: { psp: FAMILY.psp }, directory: psp });
    await importBundle({ ...options, parts: false, checkpoints: { content: FAMILY.content }, directory: content });
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('are those of the original code, as numpy reads them', async () => {
    const psp = await findPsp(join(folder, 'psp'), readEnv());
    const codes = await psp.open();
    const file = join(folder, 'codes.npy');
    await writeFile(file, await codes.of(readNpy(`${TINY}clips.npy`).values as Uint8Array));
    await codes.close();
    const [made, reference] = [readNpy(file), readNpy(`${TINY}codes.npy`)];
    expect(made.shape).toEqual([32, 18, 32]);
    const [mine, theirs] = [[...made.values], [...reference.values]];
    const largest = Math.max(...theirs.map(Math.abs));
    const apart = Math.max(...mine.map((value, i) => Math.abs(value - (theirs[i] ?? 0))));
    expect(apart / largest).toBeLessThan(1e-4);
  });

  it('need a bundle that has a pSp', async () => {
    await expect(findPsp(join(folder, 'content'), readEnv())).rejects.toThrow(/has no part psp\.onnx/);
  });
});
