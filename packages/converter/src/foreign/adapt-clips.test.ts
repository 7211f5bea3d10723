import { builtInClips } from '@styleflow/bundles/verify';
import { openSession } from '@styleflow/inference';
import { OnnxGraph } from '@styleflow/onnx';
import { expectClose } from '@styleflow/testing';
import { pillowResize, readNpy, TINY } from '@styleflow/testing/models';
import { describe, expect, it } from 'vitest';
import { modelBytes } from '../test-model.js';
import { adaptClips } from './adapt-clips.js';
import { type ClipDescriptor, parseClipDescriptor } from './clip-descriptor.js';

const SIDE = 256;
const PICTURE = SIDE * SIDE * 3;
const [CLIP, OTHER] = [builtInClips([0]).data as Uint8Array, builtInClips([5]).data as Uint8Array];

function describeClips(fields: Record<string, unknown>): ClipDescriptor {
  return parseClipDescriptor({ layout: 'NCHW', scale: '0..255', output: { kind: 'logit' }, ...fields });
}

/** Runs the adapter's nodes: gives what a model would see of the clips. */
async function adapt(clips: readonly Uint8Array[], descriptor: ClipDescriptor) {
  const graph = new OnnxGraph('adapter');
  const input = graph.input('clips', 'uint8', ['B', 32, SIDE, SIDE, 3]);
  graph.output('seen', adaptClips(graph, input, descriptor, { mode: 'together', rowsPerRun: null }));
  const session = await openSession(await modelBytes(graph), { providers: ['cpu'] });
  const data = Buffer.concat(clips);
  const { seen } = await session.run({ clips: { type: 'uint8', dims: [clips.length, 32, SIDE, SIDE, 3], data } });
  await session.release();
  if (!(seen?.data instanceof Float32Array)) throw new Error('the adapter gives float32');
  return { dims: seen.dims, values: seen.data };
}

/** A picture with its channels first. */
function planes(picture: Uint8Array): Uint8Array {
  const count = picture.length / 3;
  return Uint8Array.from(
    { length: picture.length },
    (_, at) => picture[(at % count) * 3 + Math.floor(at / count)] ?? 0,
  );
}

function frame(clip: Uint8Array, index: number): Uint8Array {
  return clip.subarray(index * PICTURE, (index + 1) * PICTURE);
}

/** The middle square of a picture. */
function centre(picture: Uint8Array, side: number): Uint8Array {
  const from = Math.floor((SIDE - side) / 2);
  const rows = Array.from({ length: side }, (_, y) =>
    picture.subarray(((from + y) * SIDE + from) * 3, ((from + y) * SIDE + from + side) * 3),
  );
  return Buffer.concat(rows);
}

function shareOfDifferences(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
): { share: number; largest: number } {
  let [count, largest] = [0, 0];
  for (let at = 0; at < expected.length; at++) {
    const difference = Math.abs((actual[at] ?? Number.NaN) - (expected[at] ?? 0));
    if (difference !== 0) count += 1;
    largest = Math.max(largest, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
  }
  expect(actual.length).toBe(expected.length);
  return { share: count / expected.length, largest };
}

describe('the resize of a custom bundle', () => {
  it.each([
    ['bicubic', 224],
    ['bicubic', 112],
    ['bicubic', 380],
    ['bilinear', 224],
    ['bilinear', 299],
    ['bilinear', 75],
  ] as const)('%s to %i equals Pillow in every value', async (resize, side) => {
    const { dims, values } = await adapt([CLIP], describeClips({ resize, size: [side, side], frames: 1 }));
    expect(dims).toEqual([1, 3, side, side]);
    const { share, largest } = shareOfDifferences(values, planes(pillowResize(frame(CLIP, 16), SIDE, side, resize)));
    expect({ share, largest }).toEqual({ share: 0, largest: 0 });
  });

  it('equals what Pillow itself made of a reference clip’s first frame', async () => {
    const clip = Uint8Array.from(readNpy(`${TINY}clips.npy`).values);
    const pillow = Uint8Array.from(readNpy(`${TINY}frames_224_pil_default_first.npy`).values);
    const descriptor = describeClips({ size: [224, 224], frames: { count: 1, pick: 'first' } });
    const { values } = await adapt([clip.subarray(0, 32 * PICTURE)], descriptor);
    const { share, largest } = shareOfDifferences(values, planes(pillow));
    expect({ share, largest }).toEqual({ share: 0, largest: 0 });
  });

  it('crops about the centre before it resizes', async () => {
    const { values } = await adapt([CLIP], describeClips({ size: [96, 96], crop: 0.75, frames: 1 }));
    const expected = planes(pillowResize(centre(frame(CLIP, 16), 192), 192, 96));
    expect(shareOfDifferences(values, expected)).toEqual({ share: 0, largest: 0 });
  });

  it('leaves pixels alone where the crop has the size already', async () => {
    const { values } = await adapt([CLIP], describeClips({ size: [224, 224], crop: 0.875, frames: 1 }));
    expect(shareOfDifferences(values, planes(centre(frame(CLIP, 16), 224)))).toEqual({ share: 0, largest: 0 });
  });

  it('takes two neighbours each way with bilinear-opencv, whatever the scale', async () => {
    const { values } = await adapt([CLIP], describeClips({ resize: 'bilinear-opencv', size: [64, 100], frames: 1 }));
    const picture = frame(CLIP, 16);
    // at 64 of 256 the point between rows 1 and 2 of every four; at 100 of 256 columns 2.56·(x + 0.5) − 0.5
    const expected = Array.from({ length: 3 * 64 * 100 }, (_, at) => {
      const [colour, y, x] = [Math.floor(at / 6400), Math.floor(at / 100) % 64, at % 100];
      const place = 2.56 * (x + 0.5) - 0.5;
      const left = Math.floor(place);
      const pixel = (row: number, column: number) => picture[(row * SIDE + column) * 3 + colour] ?? 0;
      const row = (y4: number) => pixel(y4, left) * (1 - (place - left)) + pixel(y4, left + 1) * (place - left);
      return Math.floor((row(4 * y + 1) + row(4 * y + 2)) / 2 + 0.5);
    });
    // Only ties differ: what is half-way in exact arithmetic may round either way.
    const { share, largest } = shareOfDifferences(values, expected);
    expect(share).toBeLessThan(0.01);
    expect(largest).toBeLessThanOrEqual(1);
  });

  it('picks the nearest pixels with nearest', async () => {
    const { values } = await adapt([CLIP], describeClips({ resize: 'nearest', size: [128, 64], frames: 1 }));
    const picture = frame(CLIP, 16);
    const expected = Array.from({ length: 3 * 128 * 64 }, (_, at) => {
      const [colour, y, x] = [Math.floor(at / 8192), Math.floor(at / 64) % 128, at % 64];
      return picture[((2 * y + 1) * SIDE + 4 * x + 2) * 3 + colour] ?? 0;
    });
    expect(shareOfDifferences(values, expected)).toEqual({ share: 0, largest: 0 });
  });
});

describe('the layout of a custom bundle', () => {
  const SIZE = 8;
  const small = (clip: Uint8Array, index: number) => planes(pillowResize(frame(clip, index), SIDE, SIZE));
  const at = (clip: Uint8Array, index: number, colour: number, y: number, x: number) =>
    small(clip, index)[(colour * SIZE + y) * SIZE + x] ?? 0;

  it.each([
    ['NCHW', [8, 3, 8, 8], (i: number[]) => [i[0], i[1], i[2], i[3]]],
    ['NHWC', [8, 8, 8, 3], (i: number[]) => [i[0], i[3], i[1], i[2]]],
    ['NTCHW', [2, 4, 3, 8, 8], (i: number[]) => [4 * (i[0] ?? 0) + (i[1] ?? 0), i[2], i[3], i[4]]],
    ['NCTHW', [2, 3, 4, 8, 8], (i: number[]) => [4 * (i[0] ?? 0) + (i[2] ?? 0), i[1], i[3], i[4]]],
    ['NTHWC', [2, 4, 8, 8, 3], (i: number[]) => [4 * (i[0] ?? 0) + (i[1] ?? 0), i[4], i[2], i[3]]],
    [
      'N(TC)HW',
      [2, 12, 8, 8],
      (i: number[]) => [4 * (i[0] ?? 0) + Math.floor((i[1] ?? 0) / 3), (i[1] ?? 0) % 3, i[2], i[3]],
    ],
  ] as const)('%s puts every value where it belongs, for a batch of two', async (layout, shape, place) => {
    const { dims, values } = await adapt([CLIP, OTHER], describeClips({ layout, size: [SIZE, SIZE], frames: 4 }));
    expect(dims).toEqual(shape);
    const pictures = [CLIP, OTHER].flatMap((clip) => [4, 12, 20, 28].map((index) => small(clip, index)));
    const expected = Float32Array.from({ length: values.length }, (_, flat) => {
      const index: number[] = [];
      for (let axis = shape.length - 1, rest = flat; axis >= 0; axis--) {
        const length = shape[axis] ?? 1;
        index.unshift(rest % length);
        rest = Math.floor(rest / length);
      }
      const [picture = 0, colour = 0, y = 0, x = 0] = place(index);
      return pictures[picture]?.[(colour * SIZE + y) * SIZE + x] ?? Number.NaN;
    });
    expectClose(values, expected, {});
  });

  it('orders colours, scales, and takes mean and deviation in the model’s order of colours', async () => {
    const fields = {
      size: [SIZE, SIZE],
      frames: 1,
      colour: 'BGR',
      scale: '0..1',
      mean: [0.1, 0.2, 0.3],
      std: [0.5, 1, 2],
    };
    const { values } = await adapt([CLIP], describeClips(fields));
    const expected = [0, 1, 2].map((channel) => {
      const scaled = at(CLIP, 16, 2 - channel, 3, 5) / 255;
      return (scaled - (fields.mean[channel] ?? 0)) / (fields.std[channel] ?? 1);
    });
    const actual = [0, 1, 2].map((channel) => values[(channel * SIZE + 3) * SIZE + 5] ?? Number.NaN);
    expectClose(actual, expected, { abs: 1e-6 });
    const centred = await adapt([CLIP], describeClips({ ...fields, colour: 'RGB', scale: '-1..1', mean: 0, std: 1 }));
    expectClose(centred.values[3 * SIZE + 5] ?? Number.NaN, at(CLIP, 16, 0, 3, 5) / 127.5 - 1, { abs: 1e-6 });
  });

  it.each([
    [8, [2, 6, 10, 14, 18, 22, 26, 30]],
    [{ count: 3, pick: 'first' }, [0, 1, 2]],
    [{ count: 4, pick: 'stride', start: 3, stride: 9 }, [3, 12, 21, 30]],
  ] as const)('picks the frames %j', async (frames, expected) => {
    const { values } = await adapt([CLIP], describeClips({ frames, size: [SIZE, SIZE] }));
    const pictures = expected.map((index) => small(CLIP, index));
    expectClose(values, Float32Array.from(Buffer.concat(pictures)), {});
  });
});
