import { JobError, SubmitBodySchema } from '@styleflow/contracts';
import { damagedBytes, drawn } from '@styleflow/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseRequest } from './parse-request.js';
import { parseJson } from './read-body.js';

const VALID = Buffer.from(
  JSON.stringify({
    source: { type: 'url', url: 'https://example.org/é.mp4' },
    metadata: { a: { b: ['"', '\\"', '}'] } },
  }),
);

/** Whether `JSON.parse` drops something: then it keeps fewer values than the text has keys and items. */
function hasRepeatedKey(text: string): boolean {
  const kept = (value: unknown): number =>
    typeof value !== 'object' || value === null
      ? 0
      : Object.values(value).reduce((sum: number, part) => sum + 1 + kept(part), 0);
  return countMembers(text) !== kept(JSON.parse(text));
}

/** Members of all objects and arrays of a JSON text: one for each comma outside of strings, and one for each that is not empty. */
function countMembers(text: string): number {
  const bare = text.replace(/"(?:[^"\\]|\\.)*"/g, '0').replace(/\s/g, '');
  return [...bare.matchAll(/,|[{[](?![}\]])/g)].length;
}

it('a body of any bytes is read or refused by name, and no key twice is overlooked', () => {
  const met = { read: 0, refused: 0, repeated: 0 };
  const twice = fc.tuple(fc.json(), fc.json()).map(([a, b]) => Buffer.from(`{"a":${a},"\\u0061":${b}}`));
  const any = fc.oneof(
    damagedBytes(VALID),
    fc.json().map((text) => Buffer.from(text)),
    fc.uint8Array(),
    twice,
  );
  fc.assert(
    fc.property(any, (bytes) => {
      try {
        const value = parseJson(bytes, 'body');
        expect(hasRepeatedKey(Buffer.from(bytes).toString())).toBe(false);
        met.read += 1;
        parseRequest(SubmitBodySchema, value, 'body');
      } catch (error) {
        if (!(error instanceof JobError)) throw error;
        expect(error.code).toBe('invalid_request');
        met.refused += 1;
        if (error.message.includes('twice')) met.repeated += 1;
      }
    }),
    drawn(5),
  );
  expect(Object.values(met).every((count) => count > 0)).toBe(true);
});
