import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { JobError } from '@styleflow/contracts';
import { elementCount } from '@styleflow/files';
import { floats, headerEntry, type Picklable, safetensors, torchLegacy, torchZip } from '@styleflow/testing/models';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from './read-checkpoint.js';
import { checkpointFolder } from './test-checkpoint-folder.js';

const TORCH = fileURLToPath(new URL('../../fixtures/torch/', import.meta.url));
const folder = checkpointFolder();

/** The most values that a damaged shape may make of a small file: as many as an expanded tensor may have. */
const MOST_VALUES = 2 ** 24;

/** Opens a file and reads all of it. Answers the refusal, or undefined. Errors other than JobErrors fail the test. */
async function readAll(bytes: Uint8Array): Promise<string | undefined> {
  const path = folder.path('file.pth');
  await writeFile(path, bytes);
  try {
    const checkpoint = await openCheckpoint(path);
    try {
      for (const name of checkpoint.names()) {
        const count = elementCount(checkpoint.shape(name) ?? []);
        expect(count).toBeLessThanOrEqual(MOST_VALUES);
        expect(await checkpoint.read(name)).toHaveLength(count);
      }
      return undefined;
    } finally {
      await checkpoint.close();
    }
  } catch (error) {
    if (!(error instanceof JobError)) throw error;
    expect(error.code).toBe('invalid_request');
    return error.message;
  }
}

/**
 * `count` numbers from 0 to below `end`, the same in every run (a linear congruential generator with Knuth's
 * constants).
 */
function* seededNumbers(end: number, count: number): Generator<number> {
  let state = 12345n;
  for (let index = 0; index < count; index++) {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    yield Number((state >> 33n) % BigInt(end));
  }
}

async function smallFiles(): Promise<[string, Buffer][]> {
  const tensors = {
    weight: floats([2, 3], [1, 2, 3, 4, 5, 6]),
    turned: { ...floats([2, 2], [1, 2, 3, 4]), strides: [1, 2] },
  };
  const wrap = (dict: Map<string, Picklable>): Picklable =>
    new Map<string, Picklable>([
      ['state_dict', dict],
      ['epoch', 3],
    ]);
  const header = { weight: headerEntry(0, 24, [2, 3]), bias: headerEntry(24, 32, [2]) };
  return [
    ['a zip file', torchZip(tensors, wrap)],
    ['a legacy file', torchLegacy(tensors, wrap)],
    ['a safetensors file', safetensors(header, new Uint8Array(32))],
    ['a zip file of PyTorch', await readFile(`${TORCH}training.ckpt`)],
    ['a legacy file of PyTorch', await readFile(`${TORCH}training-legacy.ckpt`)],
  ];
}

describe('a damaged checkpoint', () => {
  it('is refused wherever it was cut short', async () => {
    for (const [what, whole] of await smallFiles()) {
      expect(await readAll(whole), what).toBeUndefined();
      for (let cut = 0; cut < 200; cut++) {
        const kept = Math.floor((whole.length * cut) / 200);
        expect(await readAll(whole.subarray(0, kept)), `${what} cut to ${kept} bytes`).toBeTypeOf('string');
      }
    }
  });

  it('is refused or read within its bounds, whichever byte was changed', async () => {
    for (const [what, whole] of await smallFiles()) {
      let refused = 0;
      for (const [index, at] of [...seededNumbers(whole.length, 500)].entries()) {
        const damaged = Buffer.from(whole);
        damaged[at] = (damaged[at] ?? 0) ^ (index % 2 === 0 ? 1 << (index % 8) : 0xff);
        if ((await readAll(damaged)) !== undefined) refused++;
      }
      expect(refused, what).toBeGreaterThan(50);
      expect(refused, what).toBeLessThan(500);
    }
  });
});
