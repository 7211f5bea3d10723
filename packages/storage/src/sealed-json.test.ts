import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { isDamagedObject, openSealedJson, readSealedJson, sealJson } from './sealed-json.js';

const VALUE = { v: 1, name: 'naïve “words”', list: [1, { check: '5.abc' }], nested: { empty: {} } };
const Schema = z.object({ v: z.literal(1), name: z.string() });

/** A store whose object is, one reading after the other, what is given; the last one for good. */
function storeOf(...readings: (string | null)[]) {
  let next = 0;
  return {
    async get(): Promise<Buffer | null> {
      const text = readings[Math.min(next++, readings.length - 1)];
      return typeof text === 'string' ? Buffer.from(text) : null;
    },
  };
}
const read = (...readings: (string | null)[]) =>
  readSealedJson(storeOf(...readings), 'jobs/a/b', (value) => Schema.parse(value));

describe('sealed JSON', () => {
  it('is JSON whose last field holds length and digest of the rest', () => {
    expect(sealJson({ v: 1 })).toBe(
      '{"v":1,"check":"6.e5a70a6ec9d2be5c633b4d4282afd911547cc5f4a780c31f4b6bd4aebbc2654e"}',
    );
    for (const value of [VALUE, {}]) {
      const { check: _, ...opened } = openSealedJson(sealJson(value)) as Record<string, unknown>;
      expect(opened).toEqual(value);
    }
  });

  it('is read by a schema that does not know the check', () => {
    expect(Schema.parse(JSON.parse(sealJson(VALUE)))).toEqual({ v: 1, name: VALUE.name });
  });

  it('shows every cut, and every bit that is off where it changes the value', async () => {
    const bytes = Buffer.from(sealJson(VALUE));
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => openSealedJson(bytes.subarray(0, length).toString()), `${length} bytes`).toThrow();
    }
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const copy = Buffer.from(bytes);
      copy.writeUInt8(copy.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      const opened = (): unknown => {
        try {
          // Off in the check's own name, it leaves the rest as it was, and unchecked.
          return Schema.parse(openSealedJson(copy.toString()));
        } catch {
          return 'damaged';
        }
      };
      expect([{ v: 1, name: VALUE.name }, 'damaged'], `bit ${bit}`).toContainEqual(opened());
    }
  });

  it('is taken without a check where the version before wrote it', () => {
    expect(openSealedJson(JSON.stringify(VALUE))).toEqual(VALUE);
  });
});

describe('reading it from a store', () => {
  it('answers null for what is not there and the value for what is', async () => {
    expect(await read(null)).toBeNull();
    expect(await read(sealJson(VALUE))).toEqual({ v: 1, name: VALUE.name });
  });

  it('reads again what was spoilt on its way, and calls damaged what is so twice', async () => {
    expect(await read('{"v":1,"na', sealJson(VALUE))).toEqual({ v: 1, name: VALUE.name });
    await expect(read('{"v":1,"na')).rejects.toSatisfy(isDamagedObject);
    await expect(read('{"v":1,"na')).rejects.toMatchObject({
      code: 'internal',
      retryable: false,
      message: expect.stringContaining('The stored object jobs/a/b is damaged: '),
    });
  });

  it('does not call an outage a damage', async () => {
    const away = { get: () => Promise.reject(new Error('away')) };
    await expect(readSealedJson(away, 'jobs/a/b', (value) => value)).rejects.not.toSatisfy(isDamagedObject);
  });
});
