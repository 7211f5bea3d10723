import { openSession } from '@styleflow/inference';
import { OnnxGraph } from '@styleflow/onnx';
import { pillowResize, readNpy, TINY } from '@styleflow/testing/models';
import { beforeAll, describe, expect, it } from 'vitest';
import { modelBytes } from '../test-model.js';
import { resizeLikePillow } from './pillow-resize.js';

const [SIDE, SMALL] = [256, 224];
const BYTES = SIDE * SIDE * 3;

/** The values of a picture with the channels first. */
function planes(picture: ArrayLike<number>): Uint8Array {
  const count = picture.length / 3;
  return Uint8Array.from(picture, (_, at) => picture[(at % count) * 3 + Math.floor(at / count)] ?? 0);
}

/** Bytes that look random and are the same in each run. */
function noise(): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length: BYTES }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state >>> 24;
  });
}

describe('resizeLikePillow', () => {
  let model: Uint8Array;
  beforeAll(async () => {
    const graph = new OnnxGraph('resize');
    const pictures = graph.input('pictures', 'uint8', ['N', 3, SIDE, SIDE]);
    graph.output('small', resizeLikePillow(graph, pictures, [SMALL, SMALL]));
    model = await modelBytes(graph);
  });

  async function resized(pictures: readonly Uint8Array[]): Promise<Uint8Array> {
    const session = await openSession(model, { providers: ['cpu'] });
    const data = Buffer.concat(pictures.map(planes));
    const { small } = await session.run({ pictures: { type: 'uint8', dims: [pictures.length, 3, SIDE, SIDE], data } });
    await session.release();
    return small?.data as Uint8Array;
  }

  it("gives every byte of Pillow's own resize of a soft picture", async () => {
    const picture = readNpy(`${TINY}clips.npy`).values.subarray(0, BYTES) as Uint8Array;
    const pillow = readNpy(`${TINY}frames_224_pil_default_first.npy`).values;
    expect(pillowResize(picture, SIDE, SMALL)).toEqual(pillow);
    expect(await resized([picture])).toEqual(planes(pillow));
  });

  it('gives every byte of noise, of noise without greys and of a flat picture', async () => {
    const pictures = [noise(), noise().map((value) => (value < 128 ? 0 : 255)), new Uint8Array(BYTES).fill(255)];
    const expected = pictures.map((picture) => planes(pillowResize(picture, SIDE, SMALL)));
    expect(Buffer.from(await resized(pictures))).toEqual(Buffer.concat(expected));
  });
});
