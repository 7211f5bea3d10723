import {
  type Checkpoint,
  type CheckpointRole,
  openCheckpoint,
  type RoleTensors,
  tensorsOfRole,
} from '@styleflow/checkpoints';
import type { Feeds, Tensor } from '@styleflow/inference';
import { expectClose } from '@styleflow/testing';
import { ODD, readNpy, TINY } from '@styleflow/testing/models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runGraph } from '../test-model.js';
import { fusedGraph } from './fuse.js';
import { styleGruPart } from './fuse-parts.js';

const CLIP = `${TINY}clips.npy`;

const opened: Checkpoint[] = [];
let content: RoleTensors;
let gru: RoleTensors;
let psp: RoleTensors;

beforeAll(async () => {
  const load = async (role: CheckpointRole): Promise<RoleTensors> => {
    const checkpoint = await openCheckpoint(`${ODD}${role}.safetensors`);
    opened.push(checkpoint);
    return tensorsOfRole(checkpoint, role);
  };
  content = await load('content');
  gru = await load('style-gru');
  psp = await load('psp');
});
afterAll(() => Promise.all(opened.map((checkpoint) => checkpoint.close())));

/** Within 1e-5 of the reference's largest value: a tenth of what is promised. */
function expectReference(actual: Tensor | undefined, file: string, clips = 1): void {
  const one = readNpy(`${ODD}${file}`).values;
  const reference = Float32Array.from({ length: one.length * clips }, (_, at) => one[at % one.length] ?? 0);
  const largest = reference.reduce((most: number, value) => Math.max(most, Math.abs(value)), 0);
  expectClose(actual?.data as Float32Array, reference, { abs: 1e-6 + 1e-5 * largest });
}

function clips(count: number): Feeds {
  const clip = readNpy(CLIP).values as Uint8Array;
  const data = Buffer.concat(new Array<Uint8Array>(count).fill(clip));
  return { clips: { type: 'uint8', dims: [count, 32, 256, 256, 3], data } };
}

describe('a family of odd widths, with negative factors, two transformer layers and one head', () => {
  it.each(['all', 'none'] as const)(
    'gives PyTorch’s numbers from bytes on, optimisations: %s',
    async (optimisation) => {
      const graph = fusedGraph({ content, style: { gru, psp } });
      for (const tensors of [content, gru, psp]) expect(() => tensors.refuseExtra()).not.toThrow();
      const count = optimisation === 'all' ? 2 : 1;
      const fused = await runGraph(graph, clips(count), optimisation);
      expectReference(fused.style_flow, 'flow_layer_norms.npy', count);
      expectReference(fused.attention, 'attention.npy', count);
      expectReference(fused.logit, 'logit.npy', count);
    },
  );

  it('gives PyTorch’s logit in seven parts of the picture', async () => {
    const graph = fusedGraph({ content, style: { gru, psp } }, 'fp32', 7);
    expectReference((await runGraph(graph, clips(1))).logit, 'logit.npy');
  });

  it('gives PyTorch’s logit without the style branch', async () => {
    expectReference((await runGraph(fusedGraph({ content }), clips(1))).logit, 'content_logit.npy');
  });

  it('gives PyTorch’s embedding and style logit from PyTorch’s codes', async () => {
    const codes = readNpy(`${ODD}codes.npy`).values;
    const width = codes.length / 32;
    const data = Float32Array.from(codes.subarray(width), (value, at) => value - (codes[at] ?? 0));
    const style = await runGraph(styleGruPart(gru), { flow: { type: 'float32', dims: [1, 31, width], data } });
    expectReference(style.embedding, 'embedding.npy');
    expectReference(style.logit, 'style_logit.npy');
  });
});
