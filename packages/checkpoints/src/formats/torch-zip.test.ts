import { open } from 'node:fs/promises';
import {
  centralEntry,
  closeZip,
  floats,
  localHeader,
  pickle,
  torchPickle,
  torchZip,
  writeZip,
  type ZipLies,
} from '@styleflow/testing/models';
import { describe, expect, it } from 'vitest';
import { checkpointFolder } from './test-checkpoint-folder.js';

const { path, store, use, refusal } = checkpointFolder();

const data = floats([2], [1, 2]);

/** A checkpoint of one tensor whose archive is not a plain one: `lies` says how. */
function lying(lies: ZipLies, archive = 'archive'): Buffer {
  return writeZip({ [`${archive}/data.pkl`]: torchPickle({ data }), [`${archive}/data/0`]: data.bytes }, lies);
}

describe('readTorchZip', () => {
  it('reads archives under any folder name, with 64-bit fields and further entries', async () => {
    for (const bytes of [lying({}, 'épäuchs-12'), lying({ zip64: true }), lying({ method: 0 }, 'a/b')]) {
      await use(await store(bytes), async (checkpoint) => {
        expect([...(await checkpoint.read('data'))]).toEqual([1, 2]);
      });
    }
  });

  it('refuses compressed, encrypted, overlapping, doubled and missing entries by name', async () => {
    expect(await refusal(lying({ method: 8 }))).toBe(
      'file.pth: zip entry archive/data.pkl is compressed, which PyTorch never writes',
    );
    expect(await refusal(lying({ flags: 1 }))).toContain('zip entry archive/data.pkl is encrypted');
    expect(await refusal(lying({ sizes: { 'archive/data.pkl': 100_000 } }))).toContain(
      'zip entry archive/data.pkl of 100000 bytes overlaps archive/data/0',
    );
    expect(await refusal(lying({ sizes: { 'archive/data/0': 100_000 } }))).toContain(
      'zip entry archive/data/0 of 100000 bytes reaches beyond the archive',
    );
    expect(await refusal(lying({ positions: { 'archive/data/0': 0 } }))).toContain('overlaps');
    expect(await refusal(lying({ zip64: true, sizes: { 'archive/data/0': 2 ** 52 } }))).toContain('reaches beyond');
    const twice = [centralEntry('a', 0, 0), centralEntry('a', 0, 31)];
    const bodies = Buffer.concat([localHeader('a'), localHeader('a')]);
    expect(await refusal(Buffer.concat([bodies, closeZip(twice, bodies.length)]))).toContain('two zip entries named a');
    expect(await refusal(writeZip({ 'archive/data.pkl': torchPickle({ data }) }))).toContain(
      'lacks the data of tensor data (storage 0)',
    );
  });

  it('says what other zip archives are', async () => {
    expect(await refusal(writeZip({ 'other.txt': Buffer.from('x') }))).toContain('it has no data.pkl');
    expect(await refusal(writeZip({ 'model.pth': Buffer.from('x') }))).toContain('it contains model.pth: unpack that');
    expect(await refusal(writeZip({ 'a.npy': Buffer.from('x') }))).toContain('numpy arrays');
    const two = { 'a/data.pkl': pickle(new Map()), 'b/data.pkl': pickle(new Map()) };
    expect(await refusal(writeZip(two))).toContain('several PyTorch files (a/data.pkl, b/data.pkl)');
  });

  it('refuses directories that are damaged, or larger than a checkpoint can need', async () => {
    const whole = torchZip({ data });
    const end = whole.length - 22;
    const count = Buffer.from(whole);
    count.writeUInt16LE(9, end + 10);
    expect(await refusal(count)).toContain('has a damaged zip directory (entry 2 of 9)');
    const size = Buffer.from(whole);
    size.writeUInt32LE(2 ** 31, end + 12);
    expect(await refusal(size)).toContain('zip directory of 2 entries in 2147483648 bytes, which is too large');
    expect(await refusal(whole.subarray(0, end))).toContain('is a zip archive that is cut short');
  });

  it('refuses a pickle of gigabytes without reading it, in both formats', async () => {
    const file = path('big.pth');
    const size = 5 * 2 ** 30;
    const name = 'a/data.pkl';
    const zip = localHeader(name);
    const tail = closeZip([centralEntry(name, size, 0, { zip64: true })], zip.length + size, { zip64: true });
    // The opcode BINBYTES8 and its length, after the magic number.
    const legacy = Buffer.from('80028a0a6cfc9c46f9206aa850192e80048e0000000001000000', 'hex');
    for (const [head, message] of [
      [zip, 'has a pickle of 5368709120 bytes; names and shapes need far less'],
      [legacy, 'has a pickle of more than 67108864 bytes; names and shapes need far less'],
    ] as const) {
      const handle = await open(file, 'w');
      await handle.write(head, 0, head.length, 0);
      await handle.write(tail, 0, tail.length, zip.length + size);
      await handle.close();
      await expect(use(file, () => undefined)).rejects.toThrow(message);
    }
  });

  it('reads single values of a tensor of 5 GiB without reading the tensor', async () => {
    const count = 5 * 2 ** 28;
    const big = { ...data, count, shape: [5, 2 ** 28], strides: [2 ** 28, 1] };
    const head = Buffer.concat([...[localHeader('a/data.pkl'), torchPickle({ big })], localHeader('a/data/0')]);
    const file = path('big.pth');
    const handle = await open(file, 'w');
    await handle.write(head, 0, head.length, 0);
    const at = (index: number) => head.length + 4 * index;
    await handle.write(Buffer.from(Float32Array.of(7, 8).buffer), 0, 8, at(count - 2));
    const entries = [centralEntry('a/data.pkl', torchPickle({ big }).length, 0, { zip64: true })];
    const second = head.length - localHeader('a/data/0').length;
    entries.push(centralEntry('a/data/0', 4 * count, second, { zip64: true }));
    const tail = closeZip(entries, at(count), { zip64: true });
    await handle.write(tail, 0, tail.length, at(count));
    await handle.close();
    const before = process.memoryUsage();
    await use(file, async (checkpoint) => {
      expect(checkpoint.shape('big')).toEqual([5, 2 ** 28]);
      expect([...(await checkpoint.read('big', count - 3))]).toEqual([0, 7, 8]);
      expect([...(await checkpoint.read('big', 2 ** 30, 2))]).toEqual([0, 0]);
    });
    expect(process.memoryUsage().arrayBuffers - before.arrayBuffers).toBeLessThan(2 ** 24);
  });
});
