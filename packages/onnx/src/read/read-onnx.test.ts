import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { graph, modelFile, node, tensor, weightedSumFile, weights } from '@styleflow/testing/models';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { streamPieces } from './model-pieces.js';
import { type OnnxModel, readOnnx } from './read-onnx.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'read-onnx-'));
  path = join(folder, 'model.onnx');
});
afterEach(() => rm(folder, { recursive: true }));

async function read(bytes: Uint8Array): Promise<OnnxModel> {
  await writeFile(path, bytes);
  const model = await readOnnx(path);
  await model.close();
  return model;
}

const refused = { code: 'invalid_request' };

/** A length-delimited field that claims the given length, whatever its content is. */
function claim(field: number, length: bigint, content: Uint8Array = new Uint8Array()): Uint8Array {
  const varint: number[] = [];
  for (let rest = length; ; rest >>= 7n) {
    if (rest < 128n) {
      varint.push(Number(rest));
      break;
    }
    varint.push(Number(rest & 127n) | 128);
  }
  return Buffer.concat([Uint8Array.of((field << 3) | 2), Uint8Array.from(varint), content]);
}

describe('readOnnx', () => {
  const whole = weightedSumFile(['N', 3, 8, 8], { values: weights(192 * 2, 1), outputs: 2 });

  it('takes structure and weights apart and leaves the weights in the file', async () => {
    await writeFile(path, whole);
    const model = await readOnnx(path);
    expect(model.graph.initializer).toEqual([]);
    expect(model.graph.node.map(({ opType }) => opType)).toEqual(['Flatten', 'MatMul']);
    expect(model.initializers).toMatchObject([{ name: 'w', dataType: 1, dims: [192n, 2n], external: undefined }]);
    const pieces: Uint8Array[] = [];
    for await (const piece of streamPieces(model.initializers[0]?.payload ?? [])) pieces.push(piece);
    await model.close();
    const values = weights(192 * 2, 1);
    expect(Buffer.concat(pieces).subarray(-values.byteLength)).toEqual(Buffer.from(values.buffer));
  });

  it('refuses a file cut short anywhere', async () => {
    for (let length = 0; length < whole.length; length += 1 + Math.floor(length / 40)) {
      await expect(read(whole.subarray(0, length)), `${length} bytes`).rejects.toMatchObject(refused);
    }
  });

  it('never fails otherwise than by refusing, whatever bit is wrong', async () => {
    const outcomes = new Set<string>();
    const structure = weightedSumFile(['N', 3, 8, 8], { values: weights(4, 1), outputs: 2 });
    for (let at = 0; at < structure.length; at++) {
      const damaged = Uint8Array.from(structure);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << (at % 8));
      const error: unknown = await read(damaged).then(
        () => null,
        (reason: unknown) => reason,
      );
      if (error !== null) expect(error).toMatchObject(refused);
      outcomes.add(error === null ? 'read' : 'refused');
    }
    expect([...outcomes].sort()).toEqual(['read', 'refused']);
  });

  it.each([
    ['text', Buffer.from('{"layout": "NCHW"}')],
    ['an empty file', new Uint8Array()],
    ['a zip', Buffer.from('PK\u0003\u0004 and more of it')],
    ['random bytes', weights(5000, 3)],
    ['a graph that claims 2⁶² bytes', claim(7, 2n ** 62n, whole)],
    ['a graph that claims 4 GiB', claim(7, 2n ** 32n, whole)],
    ['two graphs', Buffer.concat([whole, whole])],
    ['a weight that claims more than its graph', claim(7, 4n, claim(5, 1000n))],
    ['a length that never ends', Buffer.alloc(100, 0xff)],
  ])('refuses %s', async (_name, bytes) => {
    const error = await read(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)).then(() => null, String);
    expect(error).toMatch(/model\.onnx is (no ONNX model|cut short)/);
  });

  it('refuses a shape with a negative length, by the name of the weight', async () => {
    const main = graph({
      node: [node('Identity', ['w'], ['y'])],
      initializer: [tensor('w', [-1, 2], new Float32Array(2))],
    });
    await expect(read(modelFile(main))).rejects.toThrow('w has the shape [-1, 2]');
  });

  it('refuses more weights than any model has', async () => {
    const weight = claim(5, 0n);
    const many = Buffer.concat(Array.from({ length: 100_001 }, () => weight));
    await expect(read(claim(7, BigInt(many.length), many))).rejects.toThrow('more than 100000 weights');
  });

  it('refuses a folder and a missing file', async () => {
    await expect(readOnnx(folder)).rejects.toMatchObject(refused);
    await expect(readOnnx(join(folder, 'none.onnx'))).rejects.toMatchObject(refused);
  });
});
