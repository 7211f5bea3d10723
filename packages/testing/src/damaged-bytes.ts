import fc from 'fast-check';
import { propertyRuns, propertySeed } from './env.js';

/**
 * How property tests draw their cases: the same ones in every run. `PROPERTY_RUNS=1500 npm test -- properties` looks longer, and
 * `PROPERTY_SEED` elsewhere.
 * @param share of the usual number, for cases that take long
 */
export function drawn(share = 1): { readonly seed: number; readonly numRuns: number } {
  return { seed: propertySeed, numRuns: Math.max(1, Math.round(propertyRuns * share)) };
}

/** Numbers at which lengths, counts and offsets overflow or turn negative. */
const EDGES = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];

type Damage =
  | { readonly kind: 'flip'; readonly at: number; readonly bits: number }
  | { readonly kind: 'number'; readonly at: number; readonly value: number; readonly isBig: boolean }
  | { readonly kind: 'cut'; readonly at: number; readonly bytes: number }
  | { readonly kind: 'insert'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'repeat'; readonly at: number; readonly bytes: number }
  | { readonly kind: 'end'; readonly at: number };

/** The bytes with one to four damages: bits flipped, numbers at their edges, parts cut out, put in, repeated, the end missing. */
export function damagedBytes(whole: Uint8Array): fc.Arbitrary<Buffer> {
  const at = fc.nat(Math.max(0, whole.length - 1));
  const bytes = fc.integer({ min: 1, max: 64 });
  const damage: fc.Arbitrary<Damage> = fc.oneof(
    fc.record({ kind: fc.constant('flip' as const), at, bits: fc.integer({ min: 1, max: 255 }) }),
    fc.record({ kind: fc.constant('number' as const), at, value: fc.constantFrom(...EDGES), isBig: fc.boolean() }),
    fc.record({ kind: fc.constant('cut' as const), at, bytes }),
    fc.record({ kind: fc.constant('insert' as const), at, bytes: fc.uint8Array({ minLength: 1, maxLength: 16 }) }),
    fc.record({ kind: fc.constant('repeat' as const), at, bytes }),
    fc.record({ kind: fc.constant('end' as const), at }),
  );
  return fc
    .array(damage, { minLength: 1, maxLength: 4 })
    .map((damages) => damages.reduce<Buffer>(damageOnce, Buffer.from(whole)));
}

function damageOnce(before: Buffer, damage: Damage): Buffer {
  const at = Math.min(damage.at, before.length);
  const [head, tail] = [before.subarray(0, at), before.subarray(at)];
  switch (damage.kind) {
    case 'flip': {
      const after = Buffer.from(before);
      if (at < after.length) after[at] = (after[at] ?? 0) ^ damage.bits;
      return after;
    }
    case 'number': {
      const after = Buffer.from(before);
      if (at + 4 > after.length) return after;
      if (damage.isBig) after.writeUInt32BE(damage.value, at);
      else after.writeUInt32LE(damage.value, at);
      return after;
    }
    case 'cut':
      return Buffer.concat([head, tail.subarray(damage.bytes)]);
    case 'insert':
      return Buffer.concat([head, damage.bytes, tail]);
    case 'repeat':
      return Buffer.concat([head, tail.subarray(0, damage.bytes), tail]);
    case 'end':
      return head;
  }
}
