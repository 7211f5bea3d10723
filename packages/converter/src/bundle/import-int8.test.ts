import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openServableBundle, refuseInt8 } from '@styleflow/bundles';
import { builtInClips, verifyBundle } from '@styleflow/bundles/verify';
import { openSession } from '@styleflow/inference';
import { FAMILY } from '@styleflow/testing/models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TrialClip } from '../int8/share-out-clips.js';
import { type ImportedBundle, type ImportOptions, importBundle } from './import-bundle.js';

let folder: string;
let imported: ImportedBundle;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'int8-'));
  imported = await importTiny('int8', { precision: 'int8', int8: SEVEN });
});
afterAll(() => rm(folder, { recursive: true }));

const pixelsOf = (seed: number) => builtInClips([seed]).data as Uint8Array<ArrayBuffer>;
const CLIPS: readonly TrialClip[] = Array.from({ length: 4 }, (_, seed) => ({
  name: `clip ${seed}`,
  read: async () => pixelsOf(seed),
}));
const SEVEN = { clips: CLIPS, weightBits: 7 } as const;

function importTiny(name: string, more: Partial<ImportOptions>) {
  const options = { trained: true, threshold: 0.2, parts: false, checkpoints: { content: FAMILY.content } };
  return importBundle({ ...options, name, directory: join(folder, name), ...more });
}

async function outputsOf(directory: string, batch: readonly number[]) {
  const { graphPath } = await openServableBundle(directory);
  const session = await openSession(graphPath, { providers: ['cpu'], threads: 1 });
  const outputs = await session.run({ clips: builtInClips(batch) });
  await session.release();
  return outputs;
}

describe('an import in int8', () => {
  it('makes a bundle that says so, whose logits lie near those of fp32, in batches too', async () => {
    const { manifest, int8 } = imported;
    expect(manifest.precision).toBe('int8');
    expect(manifest.int8).toMatchObject({ weightBits: 7, rangeClips: 3, heldOutClips: 1 });
    expect(int8?.movement.logit.largest).toBeGreaterThan(0);
    expect(manifest.graphs).toBeUndefined();
    await importTiny('fp32', {});
    const exact = (await outputsOf(join(folder, 'fp32'), [7, 8])).logit?.data ?? [];
    const rounded = (await outputsOf(join(folder, 'int8'), [7, 8])).logit?.data ?? [];
    for (const at of [0, 1]) expect(Math.abs(Number(exact[at]) - Number(rounded[at]))).toBeLessThan(0.1);
    const alone = (await outputsOf(join(folder, 'int8'), [8])).logit?.data ?? [];
    expect(Math.abs(Number(alone[0]) - Number(rounded[1]))).toBeLessThan(1e-4);
    const verified = await verifyBundle(join(folder, 'int8'), { providers: ['cpu'], record: false });
    expect(verified.graphs).toEqual(['styleflow.onnx']);
    expect((await readdir(folder)).sort()).toEqual(['fp32', 'int8']);
  });

  it.each<[string, Partial<ImportOptions>, string]>([
    ['without clips', { precision: 'int8' }, '--int8-clips DIR|JOB…'],
    ['with too few clips', { precision: 'int8', int8: { ...SEVEN, clips: CLIPS.slice(1) } }, 'needs at least 4 clips'],
    ['with clips in another precision', { precision: 'fp16', int8: SEVEN }, 'the precision is fp16'],
    ['with networks of their own', { precision: 'int8', int8: SEVEN, parts: true }, '--parts'],
  ])('is refused %s, and nothing is written', async (_case, options, words) => {
    await expect(importTiny('refused', options)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining(words),
    });
    expect(await readdir(folder)).not.toContain('refused');
  });

  it('is refused with the clip that cannot be read, and nothing is left', async () => {
    const clips = [{ name: 'torn', read: () => Promise.reject(new Error('torn')) }, ...CLIPS.slice(1)];
    await expect(importTiny('refused', { precision: 'int8', int8: { ...SEVEN, clips } })).rejects.toThrow('torn');
    expect((await readdir(folder)).filter((name) => name.startsWith('refused'))).toEqual([]);
  });
});

describe('a bundle in int8', () => {
  it('is served on the CPU, and by no card', async () => {
    const bundle = await openServableBundle(join(folder, 'int8'));
    const vnni = async () => false;
    await expect(refuseInt8(bundle, { provider: 'cpu', vnni })).resolves.toBeUndefined();
    await expect(refuseInt8(bundle, { provider: 'cuda', vnni })).rejects.toThrow('for workers without a card');
    const eight = {
      ...bundle,
      manifest: { ...bundle.manifest, int8: { ...facts(bundle.manifest.int8), weightBits: 8 as const } },
    };
    await expect(refuseInt8(eight, { provider: 'cpu', vnni })).rejects.toThrow('this processor has no VNNI');
    await expect(refuseInt8(eight, { provider: 'cpu', vnni: async () => true })).resolves.toBeUndefined();
  });
});

function facts<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the manifest tells nothing of int8');
  return value;
}
