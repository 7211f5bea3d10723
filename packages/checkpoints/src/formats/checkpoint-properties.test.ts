import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { JobError } from '@styleflow/contracts';
import { elementCount } from '@styleflow/files';
import { damagedBytes, drawn } from '@styleflow/testing';
import {
  floats,
  headerEntry,
  type Picklable,
  safetensors,
  torchLegacy,
  torchZip,
  writeZip,
} from '@styleflow/testing/models';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from './read-checkpoint.js';
import { checkpointFolder } from './test-checkpoint-folder.js';

const TORCH = fileURLToPath(new URL('../../fixtures/torch/', import.meta.url));
const folder = checkpointFolder();
/** No file of these sizes may hold the reader for longer, on a machine that is busy with other tests, too. */
const LONGEST_MS = 5_000;
/** As many values as an expanded tensor may have. */
const MOST_VALUES = 2 ** 24;

/** Reads all of it. True when it could be read, false for a JobError; whatever else is thrown fails the test. */
async function isReadable(bytes: Uint8Array): Promise<boolean> {
  const startedAt = performance.now();
  const path = folder.path('file.pth');
  await writeFile(path, bytes);
  try {
    const checkpoint = await openCheckpoint(path);
    try {
      for (const name of checkpoint.names()) {
        const count = elementCount(checkpoint.shape(name) ?? []);
        if (count > MOST_VALUES) throw new Error(`${count} values of a file of ${bytes.length} bytes`);
        const values = await checkpoint.read(name);
        if (values.length !== count) throw new Error(`${values.length} values instead of ${count}`);
      }
      return true;
    } finally {
      await checkpoint.close();
    }
  } catch (error) {
    if (!(error instanceof JobError)) throw error;
    return false;
  } finally {
    expect(performance.now() - startedAt).toBeLessThan(LONGEST_MS);
  }
}

/** Both outcomes have to be met, or the cases show nothing. */
async function checkAll(
  cases: fc.Arbitrary<Uint8Array>,
  share: number,
): Promise<{ readable: number; refused: number }> {
  const met = { readable: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(cases, async (bytes) => {
      met[(await isReadable(bytes)) ? 'readable' : 'refused'] += 1;
    }),
    drawn(share),
  );
  return met;
}

const wrap = (dict: Map<string, Picklable>): Picklable => new Map<string, Picklable>([['state_dict', dict]]);
const tensors = {
  weight: floats([2, 3], [1, 2, 3, 4, 5, 6]),
  turned: { ...floats([2, 2], [1, 2, 3, 4]), strides: [1, 2] },
};

describe('the checkpoint reader neither crashes nor hangs on', () => {
  it.each([
    ['a zip file', async () => torchZip(tensors, wrap)],
    ['a legacy file', async () => torchLegacy(tensors, wrap)],
    ['a safetensors file', async () => safetensors({ weight: headerEntry(0, 24, [2, 3]) }, new Uint8Array(24))],
    ['a zip file of PyTorch', () => readFile(`${TORCH}training.ckpt`)],
    ['a legacy file of PyTorch', () => readFile(`${TORCH}training-legacy.ckpt`)],
  ])('%s that is damaged', async (_what, make) => {
    const { readable, refused } = await checkAll(damagedBytes(await make()), 0.5);
    expect(refused).toBeGreaterThan(0);
    expect(readable).toBeGreaterThan(0);
  });

  it('a pickle of any opcodes', async () => {
    const { refused } = await checkAll(
      fc
        .array(opcode, { maxLength: 60 })
        .map((parts) =>
          writeZip({ 'archive/data.pkl': Buffer.concat([Buffer.from([0x80, 2]), ...parts, Buffer.from('.')]) }),
        ),
      1,
    );
    expect(refused).toBeGreaterThan(0);
  });

  it('a safetensors header of any JSON', async () => {
    const entry = fc.record(
      {
        dtype: fc.oneof(fc.constantFrom('F32', 'F16', 'BF16', 'I64', 'BOOL', 'F8_E4M3'), fc.anything()),
        shape: fc.oneof(fc.array(fc.oneof(fc.integer(), fc.constantFrom(0, 1, 2, 2 ** 53, 1e300))), fc.anything()),
        data_offsets: fc.oneof(fc.tuple(fc.integer(), fc.integer()), fc.constant([0, 24]), fc.anything()),
      },
      { requiredKeys: [] },
    );
    const header = fc.oneof(fc.dictionary(fc.string(), fc.oneof(entry, fc.anything())), fc.anything());
    const { refused } = await checkAll(
      fc.tuple(header, fc.option(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }))).map(([json, stated]) => {
        const plain = JSON.parse(printAny(json)) as unknown;
        return safetensors(plain, new Uint8Array(24), stated ?? undefined);
      }),
      1,
    );
    expect(refused).toBeGreaterThan(0);
  });
});

/** JSON of whatever it is; numbers that JSON lacks become null. */
function printAny(value: unknown): string {
  try {
    return JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? String(part) : part)) ?? 'null';
  } catch {
    return 'null';
  }
}

/** One opcode with its operand, well or badly formed, of all that the pickle module knows. */
const opcode: fc.Arbitrary<Buffer> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .constantFrom(...'()]}tldueasb0123NRQ\x85\x86\x87\x88\x89\x81\x93\x94\x8f\x90\x91.'.split(''))
      .map((text) => Buffer.from(text, 'latin1')),
  },
  fc.nat(255).map((value) => Buffer.from([0x4b, value])),
  fc.nat(255).map((value) => Buffer.from([0x71, value])),
  fc.nat(255).map((value) => Buffer.from([0x68, value])),
  fc.integer().map((value) => {
    const operand = Buffer.alloc(5, 0x4a);
    operand.writeInt32LE(value, 1);
    return operand;
  }),
  fc
    .tuple(fc.constantFrom(0x58, 0x54, 0x42, 0x8d, 0x8e, 0x6a, 0x72, 0x8b), fc.uint8Array({ maxLength: 12 }))
    .map(([code, bytes]) => Buffer.from([code, ...bytes])),
  fc
    .string({ maxLength: 12 })
    .map((text) => Buffer.concat([Buffer.from([0x58, Buffer.byteLength(text), 0, 0, 0]), Buffer.from(text)])),
  fc
    .constantFrom(
      'collections OrderedDict',
      'torch._utils _rebuild_tensor_v2',
      'torch FloatStorage',
      'torch.nn.parameter Parameter',
      'os system',
      'builtins __dict__',
    )
    .map((name) => Buffer.from(`c${name.replace(' ', '\n')}\n`)),
  fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
);
