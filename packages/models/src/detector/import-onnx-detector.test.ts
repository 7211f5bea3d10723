import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSession } from '@styleflow/inference';
import { describe, expect, it } from 'vitest';
import { checkpointFolder } from '../checkpoint/test-checkpoint-folder.js';
import { narrowRetinaFace, retinafaceFile } from '../networks/test-retinaface.js';
import { importDetector } from './import-detector.js';
import { importOnnxDetector } from './import-onnx-detector.js';
import { openDetector } from './open-detector.js';
import { brightDetector, brightnessDetector, brightScrfd, brightYuNet, TEST_FACE } from './test-detector-model.js';

const folder = checkpointFolder();
const directory = () => folder.path('detector');

async function importBright(model: Uint8Array, descriptor: Record<string, unknown>) {
  return importOnnxDetector({
    model: await folder.store(model, 'model.onnx'),
    descriptor: await folder.store(Buffer.from(JSON.stringify(descriptor)), 'descriptor.json'),
    directory: directory(),
  });
}

interface Picture {
  readonly height: number;
  readonly width: number;
  readonly data: Uint8Array;
}

/** Every pixel and colour another value, in waves that a wrong shift of half a pixel changes. */
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
  /** Of the picture within it. */
  readonly shown: readonly [number, number];
  readonly pad: number;
  /** 0 red, 2 blue. */
  readonly colour: number;
}

/** Means of the cells of stride 8 of what a network must see of one colour, in plain loops: bilinear, corner by corner. */
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
  // Wide, high, enlarged and shrunk; sides that do not come out even round down.
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
    // Half precision knows 11 bits, bytes only whole numbers.
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

  it('takes the place of a RetinaFace, and a RetinaFace its', async () => {
    const retinaface = await folder.store(await retinafaceFile(narrowRetinaFace(7)), 'face.safetensors');
    await importDetector({ retinaface, directory: directory() });
    await importBright(brightDetector('yunet'), { family: 'yunet' });
    expect((await readdir(directory())).sort()).toEqual(['detector.json', 'detector.onnx']);
    await importDetector({ retinaface, directory: directory() });
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

describe('a detector that does not fit its descriptor is refused and leaves nothing behind:', () => {
  const scrfd = brightScrfd();
  const yunet = brightYuNet();
  it.each([
    [
      'SCRFD without points',
      brightnessDetector({ heads: scrfd.slice(0, 6) }),
      { family: 'scrfd' },
      /the model has 6 outputs: "441" float32, .*; the family scrfd expects 9: scores of strides 8, 16, 32, then boxes of .*without points/,
    ],
    [
      'YuNet under other names',
      brightnessDetector({ heads: yunet.map((head) => ({ ...head, name: `out_${head.name}` })) }),
      { family: 'yunet' },
      /expects 12: .* \(no "cls_8"\); other names or another order are told in `outputs`/,
    ],
    ['one family as the other', brightDetector('scrfd'), { family: 'yunet' }, /the model has 9 outputs: .* expects 12/],
    [
      'a name that is none',
      brightDetector('scrfd'),
      { family: 'scrfd', outputs: { boxes: ['444', '445', '999'] } },
      'outputs.boxes: the model has no output "999", it has "441" float32',
    ],
    [
      'a name twice',
      brightDetector('scrfd'),
      { family: 'scrfd', outputs: { boxes: ['444', '445', '447'] } },
      'outputs: "447" is named twice',
    ],
    [
      'the wrong number of anchors',
      brightDetector('scrfd'),
      { family: 'scrfd', anchors: 1 },
      '"441" is taken for the scores of stride 8 and gives [1, 12800, 1], expected 6400 rows of 1 (80 × 80 cells, anchors 1); with anchors 2 it would fit. Outputs as taken: scores of 8: "441" [1, 12800, 1], ',
    ],
    [
      'outputs stride by stride',
      brightnessDetector({ heads: [0, 3, 6, 1, 4, 7, 2, 5, 8].flatMap((at) => scrfd[at] ?? []) }),
      { family: 'scrfd' },
      '"444" is taken for the scores of stride 16 and gives [1, 12800, 4], expected 3200 rows of 1',
    ],
    [
      'other strides',
      brightDetector('scrfd'),
      { family: 'scrfd', strides: [8, 16, 64] },
      '"443" is taken for the scores of stride 64 and gives [1, 800, 1], expected 200 rows of 1 (10 × 10 cells, anchors 2); with anchors 8',
    ],
    [
      'logits as probabilities',
      brightnessDetector({ heads: yunet.map((head) => (head.role === 'scores' ? { ...head, offset: [-4] } : head)) }),
      { family: 'yunet' },
      /scoreKind is "probability", 0 to 1, but the model gives scores from -4 to .*: are these logits\?/,
    ],
    [
      'points that are no numbers',
      brightnessDetector({
        heads: yunet.map((head) => (head.name === 'kps_16' ? { ...head, offset: Array(10).fill(Number.NaN) } : head)),
      }),
      { family: 'yunet' },
      'the model gives NaN in "kps_16" for a made picture',
    ],
    [
      'another size',
      brightDetector('yunet'),
      { family: 'yunet', size: [320, 320] },
      '"picture" float32 [1, 3, 640, 640]: size must be [640, 640], not [320, 320]',
    ],
    ['a fixed size as native', brightDetector('yunet'), { family: 'yunet', size: 'native' }, 'its size is fixed'],
    [
      'a fixed size with cells cut in two',
      brightDetector('yunet', { input: [1, 3, 600, 640] }),
      { family: 'yunet' },
      'height and width must be multiples of the largest stride (32)',
    ],
    [
      'colours last',
      brightDetector('yunet', { input: [1, 640, 640, 3] }),
      { family: 'yunet' },
      '"picture" float32 [1, 640, 640, 3]; allowed: one picture, [1, 3, height, width]',
    ],
    [
      'a batch of two',
      brightDetector('yunet', { input: [2, 3, 640, 640] }),
      { family: 'yunet' },
      'allowed: one picture',
    ],
    ['another input', brightDetector('yunet'), { family: 'yunet', input: 'x' }, 'input: the model has no input "x"'],
    [
      'an old operator set',
      brightDetector('yunet', { opset: 10 }),
      { family: 'yunet' },
      'operator set 10; allowed: 11',
    ],
    [
      'bytes to be normalised',
      brightDetector('scrfd', { type: 'uint8' }),
      { family: 'scrfd' },
      'the model takes bytes',
    ],
    ['no descriptor at all', brightDetector('yunet'), { kind: 'yunet' }, 'the descriptor is not valid: family: '],
    ['no model', new TextEncoder().encode('<html>'), { family: 'yunet' }, 'no ONNX model'],
  ])('%s', async (_, model, descriptor, words) => {
    const error: unknown = await importBright(model, descriptor).then(
      () => new Error('it was imported'),
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: 'invalid_request' });
    expect(String(error)).toMatch(words);
    const left = (await readdir(folder.path('.'))).sort();
    expect(left).toEqual(['descriptor.json', 'model.onnx']);
  });

  it('a folder that holds something else', async () => {
    await importBright(brightDetector('yunet'), { family: 'yunet' });
    await writeFile(join(directory(), 'notes.txt'), 'mine');
    const again = importBright(brightDetector('yunet'), { family: 'yunet' });
    await expect(again).rejects.toThrow(/holds notes.txt, which is not of the detector there/);
    expect(await readFile(join(directory(), 'notes.txt'), 'utf8')).toBe('mine');
  });
});
