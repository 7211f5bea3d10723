import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { untrainedBundleDirectory } from '@styleflow/bundles';
import { compareOutputs, toleranceOf, verifyBundle } from '@styleflow/bundles/verify';
import { TINY } from '@styleflow/testing/models';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importBundle } from './import-bundle.js';

const CHECK = { providers: ['cpu'], record: false } as const;

describe('verifying a bundle', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'verify-'));
    await cp(untrainedBundleDirectory(), folder, { recursive: true });
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Changes the expectations that are stored with the bundle. */
  async function edit(change: (stored: { digest: string; outputs: Record<string, number[]> }) => void): Promise<void> {
    const path = join(folder, 'expectations.json');
    const stored = JSON.parse(await readFile(path, 'utf8'));
    change(stored);
    await writeFile(path, JSON.stringify(stored));
  }

  it('runs the graph, and compares with what was recorded once something was', async () => {
    const first = await verifyBundle(folder, CHECK);
    expect(first).toMatchObject({ provider: 'cpu', expectations: 'none', differences: {} });
    expect(first.seconds).toBeGreaterThan(0);
    const recorded = await verifyBundle(folder, { ...CHECK, record: true });
    expect(recorded.bundle.id).toBe(first.bundle.id);
    const again = await verifyBundle(folder, CHECK);
    expect(again.expectations).toBe('matched');
    expect(Object.keys(again.differences).sort()).toEqual(['attention', 'logit', 'style_flow']);
    for (const { difference, allowed } of Object.values(again.differences)) {
      expect(difference).toBeLessThan(1e-5);
      expect(allowed).toBeGreaterThan(1e-4);
    }
  });

  it('fails when an output is further away than the tolerance, naming it', async () => {
    await verifyBundle(folder, { ...CHECK, record: true });
    await edit(({ outputs }) => {
      outputs.logit = outputs.logit?.map((value) => value + 0.01) ?? [];
    });
    await expect(verifyBundle(folder, CHECK)).rejects.toMatchObject({
      code: 'inference_failed',
      message: expect.stringMatching(/^logit is 1\.0e-2 away from what is expected \(allowed: /),
    });
  });

  it('refuses expectations of other files, and unreadable ones', async () => {
    await verifyBundle(folder, { ...CHECK, record: true });
    await edit((stored) => {
      stored.digest = '0'.repeat(64);
    });
    await expect(verifyBundle(folder, CHECK)).rejects.toThrow('was recorded for other files');
    await writeFile(join(folder, 'expectations.json'), '{');
    await expect(verifyBundle(folder, CHECK)).rejects.toThrow('cannot be read');
  });

  it('runs every part of a bundle that holds parts only', async () => {
    const psp = `${TINY}psp-tiny.pt`;
    const content = `${TINY}style-content-tiny.pth`;
    const directory = join(folder, 'parts');
    const options = { name: 'parts', trained: true, threshold: 0.2, parts: true, directory };
    await importBundle({ ...options, checkpoints: { content, psp } });
    const recorded = await verifyBundle(directory, { ...CHECK, record: true });
    expect(recorded.graphs).toEqual(['content.onnx', 'psp.onnx', 'head.onnx']);
    const { differences, expectations } = await verifyBundle(directory, CHECK);
    expect(expectations).toBe('matched');
    expect(Object.keys(differences)).toEqual(['content.onnx tokens', 'psp.onnx codes', 'head.onnx logit']);
  });

  it('allows other providers and half precision more', () => {
    const outputs = { logit: [1, 2] };
    const off = { logit: [1, 2.002] };
    expect(() => compareOutputs(off, outputs, toleranceOf('fp32', true))).toThrow('logit is 2.0e-3 away');
    expect(compareOutputs(off, outputs, toleranceOf('fp32', false)).logit?.allowed).toBeCloseTo(0.003);
    expect(compareOutputs(off, outputs, toleranceOf('fp16', true)).logit?.difference).toBeCloseTo(0.002);
    expect(() => compareOutputs({ logit: [1] }, outputs, toleranceOf('fp32', true))).toThrow(
      'has 1 values, expected 2',
    );
  });
});
