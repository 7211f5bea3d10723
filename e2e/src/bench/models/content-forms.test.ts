import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSession } from '@styleflow/inference';
import { expectClose } from '@styleflow/testing';
import { TINY } from '@styleflow/testing/models';
import { expect, it } from 'vitest';
import { writeContentForms } from './content-forms.js';

const CHECKPOINT = `${TINY}content-tiny.pth`;

it('the content network gives the same tokens in every form that the benchmark compares', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-forms-'));
  try {
    const paths = await writeContentForms(CHECKPOINT, folder);
    const data = Float32Array.from({ length: 3 * 32 * 224 * 224 }, (_, i) => ((i * 7919) % 2039) / 1024 - 1);
    const tokens: Record<string, Float32Array> = {};
    for (const [form, path] of Object.entries(paths)) {
      const session = await openSession(path, { providers: ['cpu'], optimisation: 'none' });
      const outputs = await session.run({ frames: { type: 'float32', dims: [1, 3, 32, 224, 224], data } });
      await session.release();
      tokens[form] = outputs.tokens?.data as Float32Array;
    }
    expect(Object.keys(tokens)).toEqual(['whole', 'parts-14', 'parts-28', 'unfolded', 'three-axes']);
    const whole = tokens.whole ?? new Float32Array();
    expect(Math.max(...whole)).toBeGreaterThan(0);
    for (const values of Object.values(tokens)) expectClose(values, whole, { abs: 1e-4 });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
