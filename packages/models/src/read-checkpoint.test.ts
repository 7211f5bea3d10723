import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Checkpoint, openCheckpoint } from './read-checkpoint.js';
import { call, floats, pickle, storedZip, torchZip } from './test-torch-file.js';

const TINY = fileURLToPath(new URL('../fixtures/tiny/', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checkpoint-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function store(bytes: Uint8Array, name = 'file.pth'): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

async function use<T>(path: string, look: (checkpoint: Checkpoint) => Promise<T>): Promise<T> {
  const checkpoint = await openCheckpoint(path);
  try {
    return await look(checkpoint);
  } finally {
    await checkpoint.close();
  }
}

/** The message with which a file is refused. */
async function refusal(bytes: Uint8Array): Promise<string> {
  const error: unknown = await openCheckpoint(await store(bytes)).then(
    () => new Error('it was accepted'),
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: 'JobError', code: 'invalid_request' });
  return error instanceof Error ? error.message : '';
}

describe('openCheckpoint', () => {
  it('reads files that PyTorch wrote, in the zip and the legacy format, with what wraps them', async () => {
    await use(join(TINY, 'style-gru-tiny.pth'), async (checkpoint) => {
      expect(checkpoint).toMatchObject({ format: 'torch-zip', wrapping: ['state_dict'], beside: ['epoch'] });
      expect(checkpoint.shape('module.model.gru.weight_ih_l0')).toEqual([384, 576]);
    });
    await use(join(TINY, 'style-content-tiny.pth'), async (checkpoint) => {
      expect(checkpoint).toMatchObject({ format: 'torch-legacy', wrapping: ['model'], beside: [] });
      expect(checkpoint.names()).toHaveLength(283);
    });
    await use(join(TINY, 'psp-tiny.pt'), async (checkpoint) => {
      expect(checkpoint).toMatchObject({ wrapping: ['state_dict'], beside: ['latent_avg', 'opts'] });
    });
  });

  it('gives values in row-major order whatever the strides, from any position on', async () => {
    const data = floats([2, 3], [0, 1, 2, 3, 4, 5]);
    const turned = { ...data, shape: [3, 2], strides: [1, 3] };
    const column = { ...data, shape: [2], strides: [3], offset: 1, device: 'cuda:0' };
    const path = await store(torchZip({ data, turned, column }));
    await use(path, async (checkpoint) => {
      expect([...(await checkpoint.read('data', 2, 3))]).toEqual([2, 3, 4]);
      expect([...(await checkpoint.read('turned'))]).toEqual([0, 3, 1, 4, 2, 5]);
      expect([...(await checkpoint.read('turned', 1, 3))]).toEqual([3, 1, 4]);
      expect([...(await checkpoint.read('column'))]).toEqual([1, 4]);
    });
  });

  it('reads half, bfloat16, double and integer tensors as float32', async () => {
    const tensor = (storage: string, bytes: ArrayBufferLike, count: number) => ({
      storage,
      bytes: new Uint8Array(bytes),
      count,
      shape: [count],
      strides: [1],
    });
    const path = await store(
      torchZip({
        half: tensor('HalfStorage', Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7c00).buffer, 4),
        bfloat: tensor('BFloat16Storage', Uint16Array.of(0x3f80, 0xc040).buffer, 2),
        double: tensor('DoubleStorage', Float64Array.of(0.1, -2).buffer, 2),
        long: tensor('LongStorage', BigInt64Array.of(7n, -9n).buffer, 2),
        byte: tensor('ByteStorage', Uint8Array.of(255, 1).buffer, 2),
      }),
    );
    await use(path, async (checkpoint) => {
      expect([...(await checkpoint.read('half'))]).toEqual([1, -2, 2 ** -24, Number.POSITIVE_INFINITY]);
      expect([...(await checkpoint.read('bfloat'))]).toEqual([1, -3]);
      expect([...(await checkpoint.read('double'))]).toEqual([Math.fround(0.1), -2]);
      expect([...(await checkpoint.read('long'))]).toEqual([7, -9]);
      expect([...(await checkpoint.read('byte'))]).toEqual([255, 1]);
    });
  });

  it('refuses a pickle that calls something, by name, and runs nothing of it', async () => {
    const canary = join(folder, 'canary');
    const attack = call('posix', 'system', [`touch ${canary}`]);
    expect(await refusal(torchZip({ a: floats([1], [1]) }, (dict) => new Map([...dict, ['x', attack]])))).toBe(
      'file.pth is refused: its pickle contains the name posix.system, which is not plain data; nothing of it was run',
    );
    expect(await refusal(pickle(call('builtins', 'eval', [`require('fs').writeFileSync('${canary}', '')`])))).toContain(
      'the name builtins.eval',
    );
    expect(existsSync(canary)).toBe(false);
  });

  it('refuses files that are cut short, wherever they end', async () => {
    for (const name of ['content-tiny.pth', 'style-content-tiny.pth']) {
      const whole = await readFile(join(TINY, name));
      for (const kept of [0.01, 0.5, 0.999]) {
        expect(await refusal(whole.subarray(0, Math.floor(whole.length * kept)))).toContain('is cut short');
      }
    }
  });

  it('refuses compressed zip entries, views beyond their storage and files of other kinds', async () => {
    expect(await refusal(storedZip({ 'archive/data.pkl': pickle(new Map()) }, 8))).toContain('is compressed');
    expect(await refusal(storedZip({ 'other.txt': Buffer.from('x') }))).toContain('no data.pkl');
    const beyond = { ...floats([2], [1, 2]), shape: [3], strides: [1] };
    expect(await refusal(torchZip({ beyond }))).toContain('tensor beyond [3] reaches beyond its storage of 8 bytes');
    expect(await refusal(Buffer.from('just some text'))).toContain('neither a PyTorch nor a safetensors file');
    expect(await refusal(new Uint8Array())).toContain('neither');
    await expect(openCheckpoint(join(folder, 'missing.pth'))).rejects.toThrow('missing.pth cannot be read');
  });
});

function safetensors(header: unknown, data: Uint8Array): Buffer {
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, data]);
}

describe('openCheckpoint on safetensors', () => {
  const entry = (from: number, to: number, shape: number[]) => ({ dtype: 'F32', shape, data_offsets: [from, to] });
  const data = new Uint8Array(Float32Array.of(1, 2, 3).buffer);

  it('reads them', async () => {
    const file = safetensors({ __metadata__: { by: 'x' }, a: entry(0, 8, [2, 1]), b: entry(8, 12, [1]) }, data);
    await use(await store(file, 'file.safetensors'), async (checkpoint) => {
      expect(checkpoint.format).toBe('safetensors');
      expect(checkpoint.names()).toEqual(['a', 'b']);
      expect([...(await checkpoint.read('a'))]).toEqual([1, 2]);
      expect([...(await checkpoint.read('b'))]).toEqual([3]);
    });
  });

  it('refuses headers that lie', async () => {
    expect(await refusal(safetensors({ a: entry(0, 8, [3]) }, data))).toContain(
      'tensor a F32 [3] cannot lie in 8 bytes',
    );
    expect(await refusal(safetensors({ a: entry(0, 16, [4]) }, data))).toContain('is cut short inside tensor a');
    expect(await refusal(safetensors({ a: entry(0, 8, [2]), b: entry(4, 12, [2]) }, data))).toContain('overlaps');
    const long = safetensors({ a: entry(0, 8, [2]) }, data);
    long.writeBigUInt64LE(1n << 40n);
    expect(await refusal(long)).toContain('announces a header of 1099511627776 bytes');
  });
});
