import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importOnnxDetector } from '@styleflow/converter';
import { openFaceDetector } from '@styleflow/faces';
import { RgbPixels } from '@styleflow/media';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEnv } from '../env.js';
import { digestPreprocessing } from '../prepare/preprocessing-digest.js';
import { detectorModel } from './detector-model.js';

const BRIGHT_YUNET = fileURLToPath(new URL('../../../converter/fixtures/bright-yunet.onnx', import.meta.url));

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

  /** A YuNet whose score in each cell is how bright that is. */
  async function importYuNet(descriptor: Record<string, unknown>): Promise<void> {
    await writeFile(join(folder, 'descriptor.json'), JSON.stringify(descriptor));
    await importOnnxDetector({
      model: BRIGHT_YUNET,
      descriptor: join(folder, 'descriptor.json'),
      directory: join(folder, 'yunet'),
    });
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
    const digests = new Set([await digestPreprocessing(await detectorModel(undefined), 'dense')]);
    for (const [graph, minScore] of [
      ['a', 0.5],
      ['a', 0.6],
      ['b', 0.5],
    ] as const) {
      await store(graph, minScore);
      digests.add(await digestPreprocessing(await detectorModel(folder), 'dense'));
    }
    expect(digests.size).toBe(4);
  });

  it('may be an imported YuNet: its faces are told in pixels of the frame, with its scores for tracks', async () => {
    await importYuNet({ family: 'yunet', thresholds: { minScore: 0.7, startScore: 0.75 } });
    const { STYLEFLOW_DETECTOR } = readEnv({ ...NEEDED, STYLEFLOW_DETECTOR: join(folder, 'yunet') });
    const detector = await openFaceDetector(await detectorModel(STYLEFLOW_DETECTOR), { threads: 1 });
    // One white cell of the 640 × 640 that the network sees: 4 pixels of this frame are 16 of its, two of its cells wide.
    const data = new Uint8Array(160 * 90 * 3);
    for (let y = 40; y < 44; y++) data.fill(255, (y * 160 + 80) * 3, (y * 160 + 84) * 3);
    const faces = await detector.detect({
      index: 0,
      seconds: 0,
      window: 0,
      width: 160,
      height: 90,
      pixels: new RgbPixels(160, data),
    });
    // Cells (40..41, 20..21) of 8 pixels are bright, the edges blurred alike; all boxes but one are dropped as overlapping.
    expect(faces).toHaveLength(1);
    const [{ box, landmarks, score } = { box: [], landmarks: [], score: 0 }] = faces;
    // 3 × 5 cells about the middle of the first of them, at (324, 164): a quarter of that in the frame.
    expect(box.map((value) => Number(value.toFixed(3)))).toEqual([78, 36, 84, 46]);
    expect(landmarks[0]?.map((value) => Number(value.toFixed(3)))).toEqual([80.2, 40.4]);
    expect(score).toBeGreaterThan(0.75);
    expect(detector.trackScores).toMatchObject({ startScore: 0.75, meanScore: 0.7 });
    await detector.release();
  });

  it('shows in the digest with all that decides what an imported YuNet finds', async () => {
    const digests = new Set<string>();
    const descriptors = [
      { family: 'yunet' },
      { family: 'yunet', pad: 9 },
      { family: 'yunet', scoreKind: 'logit' },
      { family: 'yunet', thresholds: { startScore: 0.7 } },
      { family: 'yunet', thresholds: { meanScore: 0.7 } },
      { family: 'yunet', thresholds: { overlap: 0.7 } },
    ];
    for (const descriptor of descriptors) {
      await importYuNet(descriptor);
      digests.add(await digestPreprocessing(await detectorModel(join(folder, 'yunet')), 'dense'));
    }
    expect(digests.size).toBe(descriptors.length);
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
