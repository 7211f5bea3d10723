import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { floats, TINY, torchLegacy, torchZip } from '@styleflow/testing/models';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkpointFolder } from './test-checkpoint-folder.js';

const FIXTURES = fileURLToPath(new URL('../../fixtures/', import.meta.url));
const { path, store, use, refusal } = checkpointFolder();

/** The values that PyTorch read from its own files. Those that JSON cannot hold are text. */
const ExpectedSchema = z.record(
  z.string(),
  z.record(z.string(), z.object({ shape: z.array(z.number()), values: z.array(z.union([z.number(), z.string()])) })),
);
const expected = ExpectedSchema.parse(JSON.parse(await readFile(`${FIXTURES}torch/expected.json`, 'utf8')));

/** The numbers of a list, `inf` and `nan` included, rounded to float32. */
function numbers(values: readonly (number | string)[]): number[] {
  return values.map((value) => Math.fround(Number(String(value).replace('inf', 'Infinity'))));
}

describe('openCheckpoint on files that PyTorch wrote', () => {
  it.each(Object.entries(expected))('reads every value of %s as PyTorch does', async (file, tensors) => {
    await use(`${FIXTURES}torch/${file}`, async (checkpoint) => {
      expect(checkpoint.names()).toEqual(Object.keys(tensors));
      for (const [name, { shape, values }] of Object.entries(tensors)) {
        expect(checkpoint.shape(name), name).toEqual(shape);
        expect([...(await checkpoint.read(name))], name).toEqual(numbers(values));
        for (let start = 0; start < values.length; start += 3) {
          const part = await checkpoint.read(name, start, Math.min(5, values.length - start));
          expect([...part], `${name} from ${start}`).toEqual(numbers(values.slice(start, start + 5)));
        }
      }
    });
  });

  it('says what wraps the tensors and what lies beside them', async () => {
    await use(`${TINY}style-gru-tiny.pth`, (checkpoint) => {
      expect(checkpoint).toMatchObject({ format: 'torch-zip', wrapping: ['state_dict'], beside: ['epoch'] });
      expect(checkpoint.shape('module.model.gru.weight_ih_l0')).toEqual([384, 576]);
    });
    await use(`${TINY}style-content-tiny.pth`, (checkpoint) => {
      expect(checkpoint).toMatchObject({ format: 'torch-legacy', wrapping: ['model'], beside: [] });
      expect(checkpoint.names()).toHaveLength(283);
    });
    await use(`${TINY}psp-tiny.pt`, (checkpoint) => {
      expect(checkpoint).toMatchObject({ wrapping: ['state_dict'], beside: ['latent_avg', 'opts'] });
    });
    await use(`${FIXTURES}torch/training.ckpt`, (checkpoint) => {
      const beside = ['epoch', 'best', 'history', 'opts', 'rng', 'seed', 'optimizer'];
      expect(checkpoint).toMatchObject({ wrapping: ['state_dict'], beside });
      expect(checkpoint.names()[0]).toBe('module.0.weight');
    });
  });

  it('refuses a tensor without plain values only when it is asked for', async () => {
    await use(`${FIXTURES}torch/odd.pth`, async (checkpoint) => {
      expect(checkpoint.names()).toEqual(['plain']);
      expect(Object.fromEntries(checkpoint.unreadable)).toEqual({
        sparse: 'a sparse tensor',
        quantised: 'a quantised tensor',
        complex: 'a tensor of complex64',
        meta: 'a meta tensor, which has no values',
      });
      expect(() => checkpoint.shape('sparse')).toThrow('odd.pth: tensor sparse is a sparse tensor');
      await expect(checkpoint.read('meta')).rejects.toThrow('tensor meta is a meta tensor');
      await expect(checkpoint.read('other')).rejects.toThrow('odd.pth has no tensor other');
    });
  });

  it('refuses a whole module and a TorchScript program, and says how to save the weights alone', async () => {
    expect(await refusal(await readFile(`${FIXTURES}torch/whole-module.pth`))).toBe(
      'file.pth is refused: its pickle contains the name torch.nn.modules.container.Sequential, which is not plain data; ' +
        'nothing of it was run; it looks like a whole module; ' +
        'its maker can save its weights alone: torch.save(model.state_dict(), FILE)',
    );
    expect(await refusal(await readFile(`${FIXTURES}torch/script.pt`))).toContain('is a TorchScript program');
  });
});

describe('openCheckpoint on PyTorch files of other machines and times', () => {
  it('reads elements written by a big-endian machine, and refuses an unknown byte order', async () => {
    const data = floats([2], [1.5, -2]);
    const swapped = { ...data, bytes: Buffer.from(data.bytes).swap32() };
    const order = (text: string) => ({ 'archive/byteorder': Buffer.from(text) });
    await use(await store(torchZip({ data: swapped }, (dict) => dict, order('big'))), async (checkpoint) => {
      expect([...(await checkpoint.read('data'))]).toEqual([1.5, -2]);
    });
    await use(await store(torchZip({ data }, (dict) => dict, order('little'))), async (checkpoint) => {
      expect([...(await checkpoint.read('data'))]).toEqual([1.5, -2]);
    });
    expect(await refusal(torchZip({ data }, (dict) => dict, order('middle')))).toContain('byte order "middle"');
  });

  it('reads views of storages, as PyTorch before 0.4 wrote them', async () => {
    const whole = { ...floats([4], [1, 2, 3, 4]), shape: [2], offset: 1 };
    await use(await store(torchLegacy({ whole }, undefined, { whole: [1, 3] })), async (checkpoint) => {
      expect([...(await checkpoint.read('whole'))]).toEqual([3, 4]);
    });
    expect(await refusal(torchLegacy({ whole }, undefined, { whole: [1, 2] }))).toContain('tensor whole [2] reaches');
    expect(await refusal(torchLegacy({ whole }, undefined, { whole: [2, 3] }))).toContain('a view beyond its storage');
  });

  it('reads tensors that were on a GPU or an Apple device', async () => {
    const tensors = { a: { ...floats([1], [1]), device: 'cuda:3' }, b: { ...floats([1], [2]), device: 'mps' } };
    for (const bytes of [torchZip(tensors), torchLegacy(tensors)]) {
      await use(await store(bytes), async (checkpoint) => {
        expect([...(await checkpoint.read('a')), ...(await checkpoint.read('b'))]).toEqual([1, 2]);
      });
    }
  });

  it('refuses views beyond their storage, and a few values repeated without end', async () => {
    const data = floats([2], [1, 2]);
    const beyond = { ...data, shape: [3], strides: [1] };
    expect(await refusal(torchZip({ beyond }))).toContain('tensor beyond [3] reaches beyond its storage of 8 bytes');
    expect(await refusal(torchZip({ late: { ...data, offset: 1 } }))).toContain('tensor late [2] reaches beyond');
    const wide = { ...data, shape: [2 ** 20, 2 ** 20], strides: [0, 0] };
    expect(await refusal(torchZip({ wide }))).toContain(
      'tensor wide [1048576, 1048576] repeats its 1 values too often',
    );
    const many = {
      ...data,
      shape: [...new Array<number>(60).fill(2 ** 30), 0],
      strides: new Array<number>(61).fill(0),
    };
    expect(await refusal(torchZip({ many }))).toContain('tensor many [1073741824');
    expect(await refusal(torchZip({ negative: { ...data, strides: [-1] } }))).toContain(
      'a tensor with a senseless shape',
    );
    expect(await refusal(torchZip({ negative: { ...data, offset: -1 } }))).toContain('a tensor with a senseless shape');
  });
});

describe('openCheckpoint on other files', () => {
  const zeros = (length: number) => new Uint8Array(length);
  it.each<[string, Uint8Array, string]>([
    ['a text', Buffer.from('just some text'), 'neither a PyTorch nor a safetensors file'],
    ['nothing', zeros(0), 'it is empty'],
    ['zeros', zeros(4096), 'a download that was broken off'],
    ['a web page', Buffer.from('\n<!DOCTYPE html><html lang="en"><title>Quota exceeded'), 'it is a web page'],
    ['an error in XML', Buffer.from('<?xml version="1.0"?><Error><Code>AccessDenied'), 'it is a web page'],
    [
      'a Git LFS pointer',
      Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 123\n'),
      'it is a Git LFS pointer, not the file of 123 bytes itself',
    ],
    ['an index', Buffer.from('{"metadata":{},"weight_map":{"a":"model-00001.safetensors"}}'), 'in several files'],
    ['a gzip file', Buffer.from([0x1f, 0x8b, 8, 0]), 'a gzip file: unpack it first'],
    ['a tar archive', Buffer.concat([zeros(257), Buffer.from('ustar\0'), zeros(249)]), 'a tar archive'],
    ['a TensorFlow Lite model', Buffer.from('\x1c\0\0\0TFL3\0\0'), 'a TensorFlow Lite model'],
    ['a pickle', Buffer.from('80024b012e', 'hex'), 'is a pickle that PyTorch did not write'],
  ])('says of %s what it is', async (_, bytes, message) => {
    expect(await refusal(bytes)).toContain(message);
  });

  it('says when there is no file', async () => {
    const open = (file: string) => use(file, () => undefined);
    await expect(open(path('missing.pth'))).rejects.toThrow('missing.pth cannot be read: there is no such file');
    await expect(open(path('.'))).rejects.toThrow('is a folder');
    await expect(open('/dev/zero')).rejects.toThrow('/dev/zero is not a file');
  });
});
