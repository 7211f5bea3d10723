import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDetector } from '@styleflow/bundles';
import { openSession } from '@styleflow/inference';
import { fileFolder } from '@styleflow/testing/models';
import { describe, expect, it } from 'vitest';
import { narrowRetinaFace, retinafaceFile } from '../networks/test-retinaface.js';
import { importDetector } from './import-detector.js';
import { brightDetector, brightnessDetector, brightScrfd, brightYuNet, TEST_FACE } from './test-detector-model.js';
import { importStored } from './test-import-stored.js';

const folder = fileFolder();
const directory = () => folder.path('detector');

const importBright = (model: Uint8Array, descriptor: Record<string, unknown>) =>
  importStored(folder, model, descriptor);

interface Picture {
  readonly height: number;
  readonly width: number;
  readonly data: Uint8Array;
}

/** A picture whose every pixel and colour differs, in waves that show a wrong shift of half a pixel. */
function picture(height: number, width: number): Picture {
  const data = Uint8Array.from({ length: height * width * 3 }, (_, at) => {
    const [colour, x, y] = [at % 3, Math.floor(at / 3) % width, Math.floor(at / (3 * width))];
    return 120 + 90 * Math.sin(x / 3 + colour) * Math.cos(y / 4) + ((at * 7) % 31);
  });
  return { height, width, data };
}

async function headsOf({ height, width, data }: Picture): Promise<Readonly<Record<string, Float32Array>>> {
  const session = await openSession((await openDetector(directory())).graphPath, { providers: ['cpu'], threads: 1 });
  const outputs = await session.run({ pictures: { type: 'uint8', dims: [1, height, width, 3], data } });
  await session.release();
  return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, tensor.data as Float32Array]));
}

interface Shown {
  readonly size: readonly [number, number];
  /** Height and width of the picture's part of it. */
  readonly shown: readonly [number, number];
  readonly pad: number;
  /** The channel that the network reads: 0 red, 2 blue. */
  readonly colour: number;
}

/**
 * The means of the stride-8 cells that a network must see in one channel, computed in plain loops: bilinear, corner by
 * corner.
 */
function cellMeans({ height, width, data }: Picture, { size, shown, pad, colour }: Shown): number[] {
  const [rows, columns] = [size[0] / 8, size[1] / 8];
  const pixel = (x: number, y: number): number => data[(y * width + x) * 3 + colour] ?? 0;
  const place = (at: number, from: number, to: number) =>
    Math.min(Math.max(((at + 0.5) * from) / to - 0.5, 0), from - 1);
  const value = (x: number, y: number): number => {
    if (y >= shown[0] || x >= shown[1]) return pad;
    const [u, v] = [place(x, width, shown[1]), place(y, height, shown[0])];
    const [left, top] = [Math.floor(u), Math.floor(v)];
    const [right, below] = [Math.min(left + 1, width - 1), Math.min(top + 1, height - 1)];
    const upper = pixel(left, top) * (1 - u + left) + pixel(right, top) * (u - left);
    const lower = pixel(left, below) * (1 - u + left) + pixel(right, below) * (u - left);
    return upper * (1 - v + top) + lower * (v - top);
  };
  return Array.from({ length: rows * columns }, (_, cell) => {
    const [left, top] = [(cell % columns) * 8, Math.floor(cell / columns) * 8];
    let sum = 0;
    for (let at = 0; at < 64; at++) sum += value(left + (at % 8), top + Math.floor(at / 8));
    return sum / 64;
  });
}

function expectNear(found: ArrayLike<number> | undefined, expected: readonly number[], tolerance: number): void {
  expect(found?.length).toBe(expected.length);
  const differences = expected.map((value, at) => Math.abs(value - Number(found?.[at])));
  expect(Math.max(...differences)).toBeLessThan(tolerance);
}

describe('what an imported detector is shown', () => {
  // Pictures that are wide, high, enlarged and shrunk. Where a side is no whole number it rounds down.
  it.each([
    [picture(117, 203), [368, 640]],
    [picture(203, 117), [640, 368]],
    [picture(700, 901), [497, 640]],
  ] as const)('is the frame fitted into 640 × 640, the rest filled (frame %#)', async (frame, shown) => {
    await importBright(brightDetector('yunet'), { family: 'yunet', pad: 51 });
    const means = cellMeans(frame, { size: [640, 640], shown, pad: 51, colour: 2 });
    const { scores_8, objectness_8, boxes_8 } = await headsOf(frame);
    expect(Math.max(...means) - Math.min(...means)).toBeGreaterThan(50);
    expectNear(
      scores_8,
      means.map((mean) => mean / 255),
      1e-4,
    );
    expect(objectness_8).toEqual(scores_8);
    expectNear(boxes_8?.subarray(0, 4), TEST_FACE.yunet.box, 1e-6);
  });

  it('is the frame at its own size, filled up to whole cells of the largest stride, when the descriptor says so', async () => {
    const model = brightDetector('yunet', { input: [1, 3, 'height', 'width'] });
    await importBright(model, { family: 'yunet', size: 'native', pad: 200, colour: 'RGB' });
    for (const [height, width] of [
      [50, 77],
      [64, 96],
    ] as const) {
      const frame = picture(height, width);
      const means = cellMeans(frame, { size: [64, 96], shown: [height, width], pad: 200, colour: 0 });
      const { scores_8, scores_32 } = await headsOf(frame);
      expectNear(
        scores_8,
        means.map((mean) => mean / 255),
        1e-5,
      );
      expect(scores_32?.length).toBe(6);
    }
  });

  it('is normalised as its family wants it, with two proposals a cell', async () => {
    await importBright(brightDetector('scrfd', { hasBatch: false, input: [1, 3, '?', '?'] }), { family: 'scrfd' });
    const frame = picture(118, 203);
    const means = cellMeans(frame, { size: [640, 640], shown: [372, 640], pad: 0, colour: 0 });
    const { scores_8, boxes_8, points_8 } = await headsOf(frame);
    expectNear(
      scores_8,
      means.flatMap((mean) => [0, mean / 255]),
      1e-4,
    );
    expectNear(boxes_8?.subarray(4, 8), TEST_FACE.scrfd.box, 1e-6);
    expectNear(points_8?.subarray(10, 20), TEST_FACE.points, 1e-6);
  });

  it.each([
    [{ opset: 11 }],
    [{ opset: 12 }],
    [{ opset: 13 }],
    [{ opset: 18 }],
    [{ opset: 21 }],
    [{ type: 'float16' as const }],
    [{ type: 'uint8' as const, input: ['N', 3, 640, 640] }],
  ])('is the same for a model with %j', async (facts) => {
    await importBright(brightDetector('yunet', facts), { family: 'yunet' });
    const frame = picture(90, 120);
    const means = cellMeans(frame, { size: [640, 640], shown: [480, 640], pad: 0, colour: 2 });
    // Half precision has 11 bits, and bytes hold whole numbers only.
    expectNear(
      (await headsOf(frame)).scores_8,
      means.map((mean) => mean / 255),
      'type' in facts ? 4e-3 : 1e-4,
    );
  });
});

describe("a detector's folder", () => {
  it('says what was imported and how its numbers are read', async () => {
    const { manifest, notes } = await importBright(brightDetector('scrfd'), {
      family: 'scrfd',
      thresholds: { minScore: 0.3 },
    });
    expect(manifest).toMatchObject({
      format: 1,
      kind: 'scrfd',
      graph: 'detector.onnx',
      thresholds: { minScore: 0.3, startScore: 0.6, meanScore: 0.3 },
      network: { size: [640, 640], strides: [8, 16, 32], anchors: 2, colour: 'RGB', std: [128, 128, 128] },
      source: [{ file: 'model.onnx', role: 'onnx' }],
    });
    expect(notes).toEqual([]);
    expect((await openDetector(directory())).manifest).toEqual(manifest);
  });

  it('takes the place of a RetinaFace, and a RetinaFace its, when told to', async () => {
    const retinaface = await folder.store(await retinafaceFile(narrowRetinaFace(7)), 'face.safetensors');
    const place = { directory: directory(), mayReplaceOther: true };
    await importDetector({ retinaface, directory: directory() });
    const untold = importBright(brightDetector('yunet'), { family: 'yunet' });
    await expect(untold).rejects.toThrow('this is another one (its kind is yunet, not retinaface)');
    const told = await importStored(folder, brightDetector('yunet'), { family: 'yunet' }, true);
    expect(told.replaced).toBe('a retinaface detector made from face.safetensors');
    expect((await readdir(directory())).sort()).toEqual(['detector.json', 'detector.onnx']);
    await expect(importDetector({ retinaface, directory: directory() })).rejects.toThrow('holds a yunet detector made');
    await importDetector({ retinaface, ...place });
    expect((await readdir(directory())).sort()).toEqual(['detector.json', 'retinaface.onnx']);
  });

  it('brings weights along that lie in a file beside the model, and opens only while they are whole', async () => {
    const heads = brightYuNet();
    await folder.store(new Uint8Array(Float32Array.from([1 / 255]).buffer), 'model.data');
    await importBright(brightnessDetector({ heads, externalGain: 'model.data' }), { family: 'yunet' });
    const { files, manifest } = await openDetector(directory());
    expect(files.map((file) => file.slice(directory().length + 1))).toEqual(['detector.onnx', 'styleflow.data']);
    expect(manifest.source.map(({ role }) => role)).toEqual(['onnx', 'onnx-data']);
    const { scores_8, objectness_8 } = await headsOf(picture(64, 64));
    expect(scores_8).toEqual(objectness_8);
    await writeFile(join(directory(), 'styleflow.data'), 'x');
    await expect(openDetector(directory())).rejects.toThrow(/styleflow.data .* is damaged/);
  });

  it('finds outputs in any order by their names', async () => {
    const [scores, boxes, points] = [0, 3, 6].map((at) => brightScrfd().slice(at, at + 3));
    const mixed = [...(points ?? []), ...(scores ?? []), ...(boxes ?? [])];
    const names = (heads = mixed) => heads.map(({ name }) => name);
    await importBright(brightnessDetector({ heads: mixed }), {
      family: 'scrfd',
      outputs: { scores: names(scores), boxes: names(boxes), points: names(points) },
    });
    expectNear((await headsOf(picture(64, 64))).boxes_16?.subarray(4, 8), TEST_FACE.scrfd.box, 1e-6);
  });

  it('is made with a note when logits look like probabilities', async () => {
    const { notes } = await importBright(brightDetector('yunet'), { family: 'yunet', scoreKind: 'logit' });
    expect(notes).toEqual([
      expect.stringMatching(/scores from 0 to 0.\d+ for a made picture: are these probabilities/),
    ]);
  });

  it('is what the fixture of other packages was made from', async () => {
    const fixture = new URL('../../fixtures/bright-yunet.onnx', import.meta.url);
    expect(Buffer.from(brightDetector('yunet')).equals(await readFile(fixture))).toBe(true);
  });
});
