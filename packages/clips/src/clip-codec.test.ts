import { describe, expect, it } from 'vitest';
import { decodeClip, encodeClip } from './clip-codec.js';
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

describe('encodeClip', () => {
  it('gives back every value', async () => {
    for (const clip of [picture(4), picture(255), new Uint8Array(CLIP_BYTES), new Uint8Array(CLIP_BYTES).fill(255)]) {
      expect(Buffer.from(await decodeClip(await encodeClip(clip))).equals(clip)).toBe(true);
    }
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
