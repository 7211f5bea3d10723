import type { NodeProto, TensorProto } from '@styleflow/onnx';
import { externalTensor, graph, modelFile, node, type TYPES, tensor, value } from '@styleflow/testing/models';
import type { DetectorFamily, HeadRole } from './detector-descriptor.js';

/** Detectors of known form, for tests: what they find follows from how bright the picture is, cell by cell. */

/**
 * What one output gives in each cell: `gain` times the mean of the cell's first channel, plus `offset`. There is one
 * pair for each number.
 */
export interface TestHead {
  readonly role: HeadRole;
  readonly stride: number;
  readonly name: string;
  /** The factors of all anchors of a cell, one after the other. */
  readonly gain: readonly number[];
  readonly offset: readonly number[];
  /** Numbers in one row; a cell has one row for each anchor. */
  readonly width: number;
}

interface TestDetector {
  readonly heads: readonly TestHead[];
  readonly input?: readonly (number | string)[];
  readonly type?: keyof typeof TYPES;
  readonly opset?: number;
  /** Whether the rows come behind a leading axis of 1, as in YuNet and newer SCRFD models. */
  readonly hasBatch?: boolean;
  /** The file beside the model that holds the gain of the first head. */
  readonly externalGain?: string;
}

/** The bytes of a detector model that finds bright cells. */
export function brightnessDetector({ heads, input = [1, 3, 640, 640], ...facts }: TestDetector): Uint8Array {
  const { type = 'float32', opset = 11, hasBatch = true, externalGain } = facts;
  const nodes: NodeProto[] = [
    node('Cast', ['picture'], ['floats'], { to: 1 }),
    node('Gather', ['floats', 'first'], ['plane'], { axis: 1 }),
  ];
  const initializer: TensorProto[] = [
    tensor('first', [1], BigInt64Array.from([0n])),
    tensor('column', [3], BigInt64Array.from([1n, -1n, 1n])),
  ];
  for (const stride of new Set(heads.map((head) => head.stride))) {
    const sides = { kernel_shape: [stride, stride], strides: [stride, stride] };
    nodes.push(node('AveragePool', ['plane'], [`mean${stride}`], sides));
    nodes.push(node('Reshape', [`mean${stride}`, 'column'], [`cells${stride}`]));
  }
  for (const { name, stride, gain, offset, width } of heads) {
    const isOutside = externalGain !== undefined && name === heads[0]?.name;
    const shape = [1, 1, gain.length];
    initializer.push(
      isOutside
        ? externalTensor(`${name}/gain`, shape, { location: externalGain, offset: 0, length: 4 * gain.length })
        : tensor(`${name}/gain`, shape, Float32Array.from(gain)),
    );
    initializer.push(tensor(`${name}/offset`, [1, 1, offset.length], Float32Array.from(offset)));
    const rows = hasBatch ? [1n, -1n, BigInt(width)] : [-1n, BigInt(width)];
    initializer.push(tensor(`${name}/rows`, [rows.length], BigInt64Array.from(rows)));
    nodes.push(node('Mul', [`cells${stride}`, `${name}/gain`], [`${name}/scaled`]));
    nodes.push(node('Add', [`${name}/scaled`, `${name}/offset`], [`${name}/sum`]));
    nodes.push(node('Reshape', [`${name}/sum`, `${name}/rows`], [name]));
  }
  const output = heads.map(({ name }) => value(name, 'float32'));
  return modelFile(graph({ node: nodes, initializer, input: [value('picture', type, input)], output }), { opset });
}

/** A head that gives the same numbers in each cell, whatever the picture. */
const constantHead = (role: HeadRole, stride: number, name: string, width: number, values: readonly number[]) => ({
  role,
  stride,
  name,
  width,
  gain: values.map(() => 0),
  offset: values,
});

/** Box and points of the faces in tests: 3 cells wide, 5 high, around the middle of their cell. */
export const TEST_FACE = {
  yunet: { box: [0.5, 0.5, Math.log(3), Math.log(5)] },
  scrfd: { box: [1, 2, 2, 3] },
  points: [0.1, 0.2, 0.9, 0.2, 0.5, 0.5, 0.25, 0.75, 0.8, 0.75],
} as const;

/**
 * The heads of a YuNet that finds faces where cells of stride 8 are bright. The score of such a cell is its brightness,
 * 0..1; other strides find nothing.
 */
export function brightYuNet(strides: readonly number[] = [8, 16, 32]): TestHead[] {
  const bright = (role: HeadRole, stride: number, name: string): TestHead => ({
    ...constantHead(role, stride, name, 1, [0]),
    gain: [stride === 8 ? 1 / 255 : 0],
  });
  return [
    ...strides.map((stride) => bright('scores', stride, `cls_${stride}`)),
    ...strides.map((stride) => bright('objectness', stride, `obj_${stride}`)),
    ...strides.map((stride) => constantHead('boxes', stride, `bbox_${stride}`, 4, TEST_FACE.yunet.box)),
    ...strides.map((stride) => constantHead('points', stride, `kps_${stride}`, 10, TEST_FACE.points)),
  ];
}

/**
 * The heads of an SCRFD that does the same. A cell makes two proposals; the score of the second is the cell's
 * brightness, which is −1..1 after SCRFD's normalisation. Outputs are named by numbers.
 */
export function brightScrfd(strides: readonly number[] = [8, 16, 32]): TestHead[] {
  let number = 440;
  const name = () => String(++number);
  return [
    ...strides.map((stride) => ({
      ...constantHead('scores', stride, name(), 1, stride === 8 ? [0, 127.5 / 255] : [0, 0]),
      gain: [0, stride === 8 ? 128 / 255 : 0],
    })),
    ...strides.map((stride) => constantHead('boxes', stride, name(), 4, [9, 9, 9, 9, ...TEST_FACE.scrfd.box])),
    ...strides.map((stride) => {
      const other = TEST_FACE.points.map(() => 7);
      return constantHead('points', stride, name(), 10, [...other, ...TEST_FACE.points]);
    }),
  ];
}

export function brightDetector(family: DetectorFamily, facts: Omit<TestDetector, 'heads'> = {}): Uint8Array {
  return brightnessDetector({ heads: family === 'yunet' ? brightYuNet() : brightScrfd(), ...facts });
}
