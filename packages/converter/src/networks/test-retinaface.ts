import { randomTensors, type TensorSource } from '@styleflow/checkpoints';
import { headerEntry, safetensors } from '@styleflow/testing/models';

/** A narrow RetinaFace with seeded weights, and the network once more in plain loops, for tests. */

const NARROW = { stem: 2, pyramid: 8 };
const STAGES = [
  [2, 1, 2, 1, 2, 1],
  [2, 1, 1, 1, 1, 1],
  [2, 1],
] as const;

function narrowShapes(): Map<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  const normed = (name: string, at: number, shape: readonly [number, number, number, number]) => {
    shapes.set(`${name}.${at}.weight`, shape);
    for (const part of ['weight', 'bias', 'running_mean', 'running_var'])
      shapes.set(`${name}.${at + 1}.${part}`, [shape[0]]);
  };
  const { stem, pyramid } = NARROW;
  const widths = [
    [stem, 2 * stem, 4 * stem, 4 * stem, 8 * stem, 8 * stem],
    Array(6).fill(16 * stem),
    [32, 32].map((n) => n * stem),
  ];
  let input = 3;
  for (const [stage, outs] of widths.entries()) {
    for (const [unit, out] of outs.entries()) {
      const name = `body.stage${stage + 1}.${unit}`;
      if (input === 3) normed(name, 0, [out, 3, 3, 3]);
      else {
        normed(name, 0, [input, 1, 3, 3]);
        normed(name, 3, [out, input, 1, 1]);
      }
      input = out;
    }
    const level = stage + 1;
    normed(`fpn.output${level}`, 0, [pyramid, input, 1, 1]);
    if (level < 3) normed(`fpn.merge${level}`, 0, [pyramid, pyramid, 3, 3]);
    const quarter = pyramid / 4;
    normed(`ssh${level}.conv3X3`, 0, [2 * quarter, pyramid, 3, 3]);
    normed(`ssh${level}.conv5X5_1`, 0, [quarter, pyramid, 3, 3]);
    for (const part of ['conv5X5_2', 'conv7X7_2', 'conv7x7_3'])
      normed(`ssh${level}.${part}`, 0, [quarter, quarter, 3, 3]);
    for (const [head, out] of [
      ['ClassHead', 4],
      ['BboxHead', 8],
      ['LandmarkHead', 20],
    ] as const) {
      shapes.set(`${head}.${stage}.conv1x1.weight`, [out, pyramid, 1, 1]);
      shapes.set(`${head}.${stage}.conv1x1.bias`, [out]);
    }
  }
  return shapes;
}

/** The tensors of a narrow network from a seed. As in a trained one, the stem's norm scales pixels to about 1. */
export function narrowRetinaFace(seed: number): TensorSource {
  const random = randomTensors(narrowShapes(), seed);
  return {
    ...random,
    read: async (name, start, count) => {
      const values = await random.read(name, start, count);
      return name === 'body.stage1.0.1.running_var' ? values.map((value) => value * 1e4) : values;
    },
  };
}

/** Writes the tensors as a safetensors file. `change` may rename a tensor, drop it (undefined) or reshape it. */
export async function retinafaceFile(
  source: TensorSource,
  change: (name: string, shape: readonly number[]) => readonly [string, readonly number[]] | undefined = (
    name,
    shape,
  ) => [name, shape],
): Promise<Buffer> {
  const header: Record<string, unknown> = {};
  const pieces: Buffer[] = [];
  let end = 0;
  for (const name of source.names()) {
    const changed = change(name, source.shape(name) ?? []);
    if (!changed) continue;
    const values = await source.read(name);
    header[changed[0]] = headerEntry(end, end + values.byteLength, changed[1]);
    end += values.byteLength;
    pieces.push(Buffer.from(values.buffer, values.byteOffset, values.byteLength));
  }
  return safetensors(header, Buffer.concat(pieces));
}

interface Planes {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly data: Float64Array;
}

/**
 * What the network gives for one RGB picture, in the order of its proposals: computed in double precision, without
 * folding.
 */
export async function plainRetinaFace(tensors: TensorSource, rgb: Uint8Array, height: number, width: number) {
  const means = [104, 117, 123];
  let x: Planes = {
    channels: 3,
    height,
    width,
    data: Float64Array.from({ length: rgb.length }, (_, i) => {
      const plane = Math.floor(i / (height * width));
      return (rgb[(i % (height * width)) * 3 + plane] ?? 0) - (means[plane] ?? 0);
    }),
  };
  const normed = async (input: Planes, name: string, at = 0, stride = 1, slope = 0.1): Promise<Planes> =>
    leak(await norm(tensors, await convolve(tensors, input, `${name}.${at}`, stride), `${name}.${at + 1}`), slope);
  const laterals: Planes[] = [];
  for (const [stage, strides] of STAGES.entries()) {
    for (const [unit, stride] of strides.entries()) {
      const name = `body.stage${stage + 1}.${unit}`;
      x = await normed(x, name, 0, stride);
      if (stage > 0 || unit > 0) x = await normed(x, name, 3);
    }
    laterals.push(await normed(x, `fpn.output${stage + 1}`));
  }
  const [fine, middle, coarse] = laterals as [Planes, Planes, Planes];
  const second = await normed(sum(middle, nearest(coarse, middle)), 'fpn.merge2');
  const first = await normed(sum(fine, nearest(second, fine)), 'fpn.merge1');
  const results: Record<'ClassHead' | 'BboxHead' | 'LandmarkHead', number[]> = {
    ClassHead: [],
    BboxHead: [],
    LandmarkHead: [],
  };
  for (const [index, level] of [first, second, coarse].entries()) {
    const name = `ssh${index + 1}`;
    const shared = await normed(level, `${name}.conv5X5_1`);
    const views = [
      await normed(level, `${name}.conv3X3`, 0, 1, 1),
      await normed(shared, `${name}.conv5X5_2`, 0, 1, 1),
      await normed(await normed(shared, `${name}.conv7X7_2`), `${name}.conv7x7_3`, 0, 1, 1),
    ];
    const channels = views.reduce((count, view) => count + view.channels, 0);
    const joined = leak({ ...level, channels, data: Float64Array.from(views.flatMap(({ data }) => [...data])) }, 0);
    for (const head of Object.keys(results) as (keyof typeof results)[]) {
      const map = await convolve(tensors, joined, `${head}.${index}.conv1x1`, 1);
      const cells = map.height * map.width;
      for (let cell = 0; cell < cells; cell++)
        for (let c = 0; c < map.channels; c++) results[head].push(map.data[c * cells + cell] ?? 0);
    }
  }
  const classes = results.ClassHead;
  const scores = Array.from(
    { length: classes.length / 2 },
    (_, i) => 1 / (1 + Math.exp((classes[2 * i] ?? 0) - (classes[2 * i + 1] ?? 0))),
  );
  return { scores, boxes: results.BboxHead, points: results.LandmarkHead };
}

async function convolve(tensors: TensorSource, x: Planes, name: string, stride: number): Promise<Planes> {
  const [channels = 0, perGroup = 0, kernel = 0] = tensors.shape(`${name}.weight`) ?? [];
  const weight = await tensors.read(`${name}.weight`);
  const bias = tensors.shape(`${name}.bias`) ? await tensors.read(`${name}.bias`) : [];
  const [height, width] = [Math.ceil(x.height / stride), Math.ceil(x.width / stride)];
  const outPerGroup = channels / (x.channels / perGroup);
  const data = new Float64Array(channels * height * width);
  const pixel = (plane: number, row: number, column: number): number =>
    row < 0 || column < 0 || row >= x.height || column >= x.width
      ? 0
      : (x.data[(plane * x.height + row) * x.width + column] ?? 0);
  for (let at = 0; at < data.length; at++) {
    const out = Math.floor(at / (height * width));
    const top = (Math.floor(at / width) % height) * stride - (kernel - 1) / 2;
    const left = (at % width) * stride - (kernel - 1) / 2;
    let total = bias[out] ?? 0;
    for (let tap = 0; tap < perGroup * kernel * kernel; tap++) {
      const plane = Math.floor(out / outPerGroup) * perGroup + Math.floor(tap / (kernel * kernel));
      const row = top + (Math.floor(tap / kernel) % kernel);
      total += (weight[out * perGroup * kernel * kernel + tap] ?? 0) * pixel(plane, row, left + (tap % kernel));
    }
    data[at] = total;
  }
  return { channels, height, width, data };
}

async function norm(tensors: TensorSource, x: Planes, name: string): Promise<Planes> {
  const part = (suffix: string) => tensors.read(`${name}.${suffix}`);
  const [weight, bias, mean, variance] = [
    await part('weight'),
    await part('bias'),
    await part('running_mean'),
    await part('running_var'),
  ];
  const data = x.data.map((value, i) => {
    const c = Math.floor(i / (x.height * x.width));
    return ((value - (mean[c] ?? 0)) / Math.sqrt((variance[c] ?? 0) + 1e-5)) * (weight[c] ?? 0) + (bias[c] ?? 0);
  });
  return { ...x, data };
}

function leak(x: Planes, slope: number): Planes {
  return { ...x, data: x.data.map((value) => (value < 0 ? value * slope : value)) };
}

function sum(a: Planes, b: Planes): Planes {
  return { ...a, data: a.data.map((value, i) => value + (b.data[i] ?? 0)) };
}

function nearest(x: Planes, { height, width }: Planes): Planes {
  const data = Float64Array.from({ length: x.channels * height * width }, (_, i) => {
    const row = Math.floor(((Math.floor(i / width) % height) * x.height) / height);
    const column = Math.floor(((i % width) * x.width) / width);
    return x.data[(Math.floor(i / (height * width)) * x.height + row) * x.width + column] ?? 0;
  });
  return { ...x, height, width, data };
}
