import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { detectorModel } from './detector-model.js';
import { readEnv } from './env.js';
import { digestPreprocessing } from './prepare/preprocessing-digest.js';

/** What has no default. */
const NEEDED = { STYLEFLOW_STORE: 'file:/nowhere' };

describe('the choice of the face detector', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'detector-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function store(graph: string, minScore: number): Promise<void> {
    const sha256 = createHash('sha256').update(graph).digest('hex');
    await writeFile(join(folder, 'retinaface.onnx'), graph);
    const manifest = {
      format: 1,
      kind: 'retinaface',
      thresholds: { minScore, maxCandidates: 5000, overlap: 0.4, maxFaces: 750 },
      graph: 'retinaface.onnx',
      files: { 'retinaface.onnx': sha256 },
      source: [],
      createdAt: new Date(0).toISOString(),
    };
    await writeFile(join(folder, 'detector.json'), JSON.stringify(manifest));
  }

  it('is the bundled detector unless a folder is named', async () => {
    expect(readEnv(NEEDED).STYLEFLOW_DETECTOR).toBeUndefined();
    expect(await detectorModel(undefined)).toMatchObject({ fullRange: expect.stringContaining('full-range.onnx') });
  });

  it("is the folder's network with the folder's thresholds", async () => {
    await store('a network', 0.6);
    const { STYLEFLOW_DETECTOR } = readEnv({ ...NEEDED, STYLEFLOW_DETECTOR: folder });
    const model = await detectorModel(STYLEFLOW_DETECTOR);
    expect(model).toMatchObject({ retinaface: join(folder, 'retinaface.onnx'), limits: { minScore: 0.6 } });
  });

  it('shows in the digest of the preprocessing, thresholds included', async () => {
    const digests = new Set([await digestPreprocessing(await detectorModel(undefined))]);
    for (const [graph, minScore] of [
      ['a', 0.5],
      ['a', 0.6],
      ['b', 0.5],
    ] as const) {
      await store(graph, minScore);
      digests.add(await digestPreprocessing(await detectorModel(folder)));
    }
    expect(digests.size).toBe(4);
  });

  it('is refused by the name of the setting when the folder holds no detector', () => {
    expect(() => readEnv({ ...NEEDED, STYLEFLOW_DETECTOR: folder })).toThrow(/STYLEFLOW_DETECTOR: allowed: a folder/);
  });

  it('is refused when the network is not the one that was imported', async () => {
    await store('a network', 0.5);
    await writeFile(join(folder, 'retinaface.onnx'), 'another');
    await expect(detectorModel(folder)).rejects.toThrow(/is damaged/);
  });
});
