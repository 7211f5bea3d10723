import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { asFirstClipFormat, decodeClip, encodeClip } from './clip-codec.js';
import { CLIP_BYTES } from './clip-shape.js';

/** A picture like a drifting face: smooth, with a little noise. */
function picture(noise: number): Uint8Array {
  let random = 1;
  return Uint8Array.from({ length: CLIP_BYTES }, (_, i) => {
    random = (random * 1103515245 + 12345) & 0x7fffffff;
    const pixel = Math.floor(i / 3);
    const wave =
      Math.sin((pixel % 256) / 40 + Math.floor(pixel / 65536) / 30) + Math.cos((Math.floor(pixel / 256) % 256) / 50);
    return 128 + 40 * wave + ((random >> 16) % (noise + 1)) + (i % 3) * 10;
  });
}

const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url));
const GOLDEN = '02a60fea3b721f09c09e5de6495392ca9cb71bdf2a6401c3e01af959796f3fd4';

/** The made clip that fixtures/README.md tells of. */
function goldenClip(): Uint8Array {
  const clip = new Uint8Array(CLIP_BYTES);
  for (let at = 0; at < CLIP_BYTES; at++) {
    const [k, x, y, f] = [at % 3, Math.floor(at / 3) & 255, Math.floor(at / 768) & 255, Math.floor(at / 196_608)];
    clip[at] = x + 2 * y + 3 * f + 50 * k + ((31 * x + 17 * y + 7 * f) % 997 === 0 ? 40 * (k + 1) : 0);
  }
  return clip;
}

describe('the format of a stored clip', () => {
  it.each(['clip.sfc1', 'clip.sfc2'])('of %s is read as it was written', async (name) => {
    const clip = await decodeClip(await readFile(`${FIXTURES}${name}`));
    expect(createHash('sha256').update(clip).digest('hex')).toBe(GOLDEN);
    expect(Buffer.from(goldenClip()).equals(clip)).toBe(true);
  });

  it.each(['clip.sfc1', 'clip.sfc2'])('of %s is the same clip in the format that zlib reads', async (name) => {
    const packed = await asFirstClipFormat(await readFile(`${FIXTURES}${name}`));
    expect(Buffer.from(packed.subarray(0, 4)).toString()).toBe('SFC1');
    expect(Buffer.from(goldenClip()).equals(await decodeClip(packed))).toBe(true);
  });

  it('refuses a damaged clip of 0.1.0', async () => {
    const stored = await readFile(`${FIXTURES}clip.sfc1`);
    stored[stored.length >> 1] = (stored[stored.length >> 1] ?? 0) ^ 1;
    await expect(decodeClip(stored)).rejects.toMatchObject({ code: 'internal' });
  });

  it('takes values that lie anywhere in memory', async () => {
    const clip = new Uint8Array(CLIP_BYTES + 1).subarray(1);
    clip.set(goldenClip());
    expect(Buffer.from(await decodeClip(await encodeClip(clip))).equals(clip)).toBe(true);
  });
});

describe('encodeClip', () => {
  it('gives back every value', async () => {
    for (const clip of [picture(4), picture(255), new Uint8Array(CLIP_BYTES), new Uint8Array(CLIP_BYTES).fill(255)]) {
      expect(Buffer.from(await decodeClip(await encodeClip(clip))).equals(clip)).toBe(true);
    }
  });

  it('gives each clip memory of its own, also where several are unpacked at once', async () => {
    const clips = [1, 2, 3, 4].map((value) => new Uint8Array(CLIP_BYTES).fill(value));
    const stored = await Promise.all(clips.map(encodeClip));
    const [first, ...others] = stored.map((object) => decodeClip(object));
    const unpacked = [await first, ...(await Promise.all(others)), await decodeClip(stored[0] as Uint8Array)];
    expect(unpacked.map((clip) => [clip?.length, clip?.[0], clip?.at(-1)])).toEqual(
      [1, 2, 3, 4, 1].map((value) => [CLIP_BYTES, value, value]),
    );
  });

  it('takes well under half the space of the values', async () => {
    expect((await encodeClip(picture(1))).length).toBeLessThan(CLIP_BYTES * 0.4);
  });

  it('refuses what is damaged, cut off or no clip', async () => {
    const stored = await encodeClip(picture(4));
    const damaged = stored.slice();
    damaged[stored.length >> 1] = (damaged[stored.length >> 1] ?? 0) ^ 1;
    for (const object of [damaged, stored.subarray(0, 1000), new Uint8Array(100), new Uint8Array()]) {
      await expect(decodeClip(object)).rejects.toMatchObject({ code: 'internal' });
    }
  });

  it('refuses a clip of another size', async () => {
    await expect(encodeClip(new Uint8Array(5))).rejects.toThrow(RangeError);
  });
});
