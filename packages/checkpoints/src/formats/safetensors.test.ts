import { headerEntry, safetensors } from '@styleflow/testing/models';
import { describe, expect, it } from 'vitest';
import { checkpointFolder } from './test-checkpoint-folder.js';

const { store, use, refusal } = checkpointFolder();
const data = new Uint8Array(Float32Array.of(1, 2, 3).buffer);

describe('readSafetensors', () => {
  it('reads names, shapes and values, metadata aside', async () => {
    const header = { __metadata__: { by: 'x' }, a: headerEntry(0, 8, [2, 1]), b: headerEntry(8, 12, []) };
    await use(await store(safetensors(header, data), 'file.safetensors'), async (checkpoint) => {
      expect(checkpoint).toMatchObject({ format: 'safetensors', wrapping: [], beside: [] });
      expect(checkpoint.names()).toEqual(['a', 'b']);
      expect([...(await checkpoint.read('a'))]).toEqual([1, 2]);
      expect([...(await checkpoint.read('b'))]).toEqual([3]);
    });
  });

  it('reads every element type, and refuses eight-bit floats only when they are asked for', async () => {
    const types: [string, Uint8Array, number][] = [
      ['F64', new Uint8Array(Float64Array.of(0.1).buffer), Math.fround(0.1)],
      ['F16', new Uint8Array(Uint16Array.of(0xc000).buffer), -2],
      ['BF16', new Uint8Array(Uint16Array.of(0xc040).buffer), -3],
      ['I64', new Uint8Array(BigInt64Array.of(-9n).buffer), -9],
      ['U64', new Uint8Array(BigUint64Array.of(2n ** 63n).buffer), 2 ** 63],
      ['I32', new Uint8Array(Int32Array.of(-8).buffer), -8],
      ['U32', new Uint8Array(Uint32Array.of(2 ** 31).buffer), 2 ** 31],
      ['I16', new Uint8Array(Int16Array.of(-7).buffer), -7],
      ['U16', new Uint8Array(Uint16Array.of(65535).buffer), 65535],
      ['I8', new Uint8Array(Int8Array.of(-6).buffer), -6],
      ['U8', Uint8Array.of(200), 200],
      ['BOOL', Uint8Array.of(1), 1],
    ];
    let end = 0;
    const header: Record<string, unknown> = {};
    for (const [dtype, { length }] of types) {
      header[dtype] = headerEntry(end, end + length, [1], dtype);
      end += length;
    }
    header.F8_E4M3 = headerEntry(end, end + 1, [1], 'F8_E4M3');
    const bytes = Buffer.concat([...types.map(([, each]) => each), Buffer.from([0])]);
    await use(await store(safetensors(header, bytes)), async (checkpoint) => {
      for (const [dtype, , value] of types) expect([...(await checkpoint.read(dtype))], dtype).toEqual([value]);
      expect(() => checkpoint.shape('F8_E4M3')).toThrow('tensor F8_E4M3 is a tensor of F8_E4M3');
    });
  });

  it('is not misled by header lengths that look like the start of other formats', async () => {
    for (const length of [0x4b50, 0x80, 0x280]) {
      const text = JSON.stringify({ a: headerEntry(0, 12, [3]) }).padEnd(length);
      await use(await store(safetensors(text, data)), (checkpoint) => expect(checkpoint.names()).toEqual(['a']));
    }
  });

  it.each<[string, Buffer, string]>([
    ['a shape of another size', safetensors({ a: headerEntry(0, 8, [3]) }, data), 'a F32 [3] cannot lie in 8 bytes'],
    ['another type', safetensors({ a: headerEntry(0, 12, [3], 'F64') }, data), 'a F64 [3] cannot lie in 12 bytes'],
    [
      'an overflowing shape',
      safetensors({ a: headerEntry(0, 12, [2 ** 52, 2 ** 52]) }, data),
      'cannot lie in 12 bytes',
    ],
    ['too little data', safetensors({ a: headerEntry(0, 16, [4]) }, data), 'is cut short inside tensor a'],
    [
      'offsets far away',
      safetensors({ a: headerEntry(2 ** 50, 2 ** 50 + 12, [3]) }, data),
      'cut short inside tensor a',
    ],
    ['negative offsets', safetensors({ a: headerEntry(-12, 0, [3]) }, data), 'of tensor a {'],
    ['offsets turned round', safetensors({ a: headerEntry(8, 0, [0]), b: headerEntry(0, 12, [3]) }, data), 'tensor a'],
    [
      'tensors that overlap',
      safetensors({ a: headerEntry(0, 8, [2]), b: headerEntry(4, 12, [2]) }, data),
      'the data of tensor b (bytes 4 to 12) overlaps another',
    ],
    ['a gap', safetensors({ a: headerEntry(0, 4, [1]), b: headerEntry(8, 12, [1]) }, data), 'leaves a gap before it'],
    ['bytes left over', safetensors({ a: headerEntry(0, 8, [2]) }, data), '4 bytes behind the data of its last tensor'],
    [
      'one name twice',
      safetensors(
        `{"a":${JSON.stringify(headerEntry(0, 12, [3]))},"\\u0061":${JSON.stringify(headerEntry(0, 12, [3]))}}`,
        data,
      ),
      'has two tensors named a',
    ],
    ['no tensors', safetensors({}, new Uint8Array()), 'holds no tensors'],
    [
      'a shape that is none',
      safetensors({ a: { dtype: 'F32', shape: 'x', data_offsets: [0, 12] } }, data),
      'of tensor a {',
    ],
    ['half a shape', safetensors({ a: headerEntry(0, 12, [1.5, 2]) }, data), 'of tensor a {'],
    ['65 axes', safetensors({ a: headerEntry(0, 4, new Array(65).fill(1)) }, data), 'of tensor a {'],
    ['no JSON', safetensors('{"a": nonsense}', data), 'is not JSON'],
    ['JSON that nests without end', safetensors(`{"a":${'['.repeat(1_000_000)}`, data), 'nests too deep'],
    ['a header longer than the file', safetensors({}, data, 1n << 40n), 'a header of 1099511627776 bytes and has'],
    ['a header length of 2^64 - 1', safetensors({}, data, (1n << 64n) - 1n), 'announces a header of'],
    ['a header of 100 MB', safetensors('{"a":1}'.padEnd(100_000_000), data), 'has a header of 100000000 bytes'],
  ])('refuses a header that lies: %s', async (_, bytes, message) => {
    expect(await refusal(bytes)).toContain(message);
  });
});
