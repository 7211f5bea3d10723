import {
  type Checkpoint,
  type CheckpointRole,
  openCheckpoint,
  type RoleTensors,
  tensorsOfRole,
} from '@styleflow/checkpoints';
import type { Feeds, Tensor } from '@styleflow/inference';
import { weightBytes } from '@styleflow/onnx';
import { expectClose } from '@styleflow/testing';
import { pillowResize, readNpy, TINY } from '@styleflow/testing/models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runGraph } from '../test-model.js';
import { fusedGraph } from './fuse.js';
import { contentPart, headPart, pspPart, styleGruPart } from './fuse-parts.js';

const FRAMES = 32;
const MEAN = [0.485, 0.456, 0.406];
const DEVIATION = [0.229, 0.224, 0.225];

let clip: Uint8Array;
let opened: Checkpoint[];
let content: RoleTensors;
let contentAlone: RoleTensors;
let gru: RoleTensors;
let psp: RoleTensors;

beforeAll(async () => {
  clip = Uint8Array.from(readNpy(`${TINY}clips.npy`).values);
  opened = [];
  const load = async (file: string, role: CheckpointRole): Promise<RoleTensors> => {
    const checkpoint = await openCheckpoint(TINY + file);
    opened.push(checkpoint);
    return tensorsOfRole(checkpoint, role);
  };
  content = await load('style-content-tiny.pth', 'content');
  contentAlone = await load('content-tiny.pth', 'content');
  gru = await load('style-gru-tiny.pth', 'style-gru');
  psp = await load('psp-tiny.pt', 'psp');
});
afterAll(() => Promise.all(opened.map((checkpoint) => checkpoint.close())));

function floats(dims: readonly number[], data: Float32Array): Tensor {
  return { type: 'float32', dims, data };
}

function valuesOf(tensor: Tensor | undefined): Float32Array {
  if (!(tensor?.data instanceof Float32Array)) throw new TypeError('no float32 output');
  return tensor.data;
}

/** Within 1e-5 + 1e-4 of the reference's largest value. */
function expectReference(actual: Float32Array, file: string): void {
  const reference = Float32Array.from(readNpy(`${TINY}${file}`).values);
  const largest = reference.reduce((most: number, value) => Math.max(most, Math.abs(value)), 0);
  expectClose(actual, reference, { abs: 1e-5 + 1e-4 * largest });
}

/** The frames as the original prepares them for the content network, with Pillow's resize. */
function normalisedFrames(): Float32Array {
  const points = 224 * 224;
  const frames = new Float32Array(3 * FRAMES * points);
  for (let frame = 0; frame < FRAMES; frame++) {
    const small = pillowResize(clip.subarray(frame * 256 * 256 * 3, (frame + 1) * 256 * 256 * 3), 256, 224);
    for (let i = 0; i < small.length; i++) {
      const [point, channel] = [Math.floor(i / 3), i % 3];
      const value = ((small[i] ?? 0) / 255 - (MEAN[channel] ?? 0)) / (DEVIATION[channel] ?? 1);
      frames[(channel * FRAMES + frame) * points + point] = value;
    }
  }
  return frames;
}

function pspImages(): Float32Array {
  const points = 256 * 256;
  const images = new Float32Array(clip.length);
  for (let i = 0; i < clip.length; i++) {
    const [pixel, channel] = [Math.floor(i / 3), i % 3];
    const [frame, point] = [Math.floor(pixel / points), pixel % points];
    images[(frame * 3 + channel) * points + point] = ((clip[i] ?? 0) / 255) * 2 - 1;
  }
  return images;
}

describe('the networks', () => {
  it('give the numbers of the original PyTorch code, each part fed with the part before it', async () => {
    const { tokens } = await runGraph(contentPart(content), {
      frames: floats([1, 3, 32, 224, 224], normalisedFrames()),
    });
    expectReference(valuesOf(tokens), 'tokens.npy');
    const { codes } = await runGraph(pspPart(psp), { images: floats([32, 3, 256, 256], pspImages()) });
    expectReference(valuesOf(codes), 'codes.npy');

    const code = valuesOf(codes);
    const width = code.length / FRAMES;
    const flow = code.slice(width).map((value, i) => value - (code[i] ?? 0));
    const style = await runGraph(styleGruPart(gru), { flow: floats([1, 31, width], flow) });
    expectReference(valuesOf(style.embedding), 'embedding.npy');
    expectReference(valuesOf(style.logit), 'style_logit.npy');

    const content16 = floats([1, 16, 32], valuesOf(tokens));
    const embedding = floats([1, 512], valuesOf(style.embedding));
    const head = await runGraph(headPart(content, true), { tokens: content16, embedding });
    expectReference(valuesOf(head.attention), 'attention.npy');
    expectReference(valuesOf(head.logit), 'logit.npy');
    const alone = await runGraph(headPart(contentAlone, false), { tokens: content16 });
    expectReference(valuesOf(alone.logit), 'content_logit.npy');
  });

  it('use every tensor of their checkpoints', () => {
    fusedGraph({ content, style: { gru, psp } });
    fusedGraph({ content: contentAlone });
    for (const tensors of [content, contentAlone, gru, psp]) expect(() => tensors.refuseExtra()).not.toThrow();
  });
});

describe('fusedGraph', () => {
  const feed = (clips: number): Feeds => {
    const data = new Uint8Array(clip.length * clips);
    for (let index = 0; index < clips; index++) data.set(clip, index * clip.length);
    return { clips: { type: 'uint8', dims: [clips, 32, 256, 256, 3], data } };
  };
  const reference = (file: string): number => Number(readNpy(`${TINY}${file}`).values[0]);

  it('goes from bytes to the original logit, within 1e-5, for one clip and for two', async () => {
    const graph = fusedGraph({ content, style: { gru, psp } });
    const one = await runGraph(graph, feed(1));
    expectClose(valuesOf(one.logit), [reference('logit.npy')], { abs: 1e-5 });
    expectReference(valuesOf(one.style_flow), 'flow_layer_norms.npy');
    expect(one.attention?.dims).toEqual([1, 16, 16]);
    const two = await runGraph(graph, feed(2));
    expectClose(valuesOf(two.logit), [reference('logit.npy'), reference('logit.npy')], { abs: 1e-5 });
    expect(two.style_flow?.dims).toEqual([2, 31, 18]);
  });

  it.each([14, 28] as const)('gives the original logit in %s parts of the picture, too', async (parts) => {
    const whole = valuesOf((await runGraph(fusedGraph({ content: contentAlone }), feed(2))).logit);
    const apart = valuesOf((await runGraph(fusedGraph({ content: contentAlone }, 'fp32', parts), feed(2))).logit);
    expectClose(apart, [reference('content_logit.npy'), reference('content_logit.npy')], { abs: 1e-5 });
    expectClose(apart, whole, { abs: 1e-6 });
  });

  it('gives scores in half precision within 1e-2 of the original, from weights of half the size', async () => {
    const half = fusedGraph({ content, style: { gru, psp } }, 'fp16');
    const full = fusedGraph({ content, style: { gru, psp } });
    const { logit, style_flow: flow } = await runGraph(half, feed(1));
    expectClose(valuesOf(logit), [reference('logit.npy')], { abs: 1e-2 });
    expect(valuesOf(logit)[0]).not.toBe(valuesOf((await runGraph(full, feed(1))).logit)[0]);
    expect(flow?.type).toBe('float32');
    expect(weightBytes(half) / weightBytes(full)).toBeLessThan(0.65);
  });

  it('gives the same numbers with all optimisations and with none', async () => {
    const graph = fusedGraph({ content: contentAlone });
    const [all, none] = [await runGraph(graph, feed(1)), await runGraph(graph, feed(1), 'none')];
    expect(Object.keys(all)).toEqual(['logit']);
    expectClose(valuesOf(all.logit), valuesOf(none.logit), { abs: 1e-5 });
    expectClose(valuesOf(all.logit), [reference('content_logit.npy')], { abs: 1e-5 });
  });
});
