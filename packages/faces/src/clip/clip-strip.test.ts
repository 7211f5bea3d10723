import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { CLIP_BYTES } from './align-clip.js';
import { encodeStrip } from './clip-strip.js';

/** Something like a face that drifts: smooth, with a little noise. */
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

describe('encodeStrip', () => {
  it('shows the 32 crops from left to right in a small PNG', async () => {
    const clip = new Uint8Array(CLIP_BYTES);
    for (let frame = 0; frame < 32; frame++) clip.fill(frame * 8, frame * 196_608, (frame + 1) * 196_608);
    const strip = await encodeStrip(clip);
    const { data, info } = await sharp(strip).greyscale().raw().toBuffer({ resolveWithObject: true });
    expect([info.format, info.width, info.height]).toEqual(['raw', 32 * info.height, info.height]);
    for (const frame of [0, 10, 31]) expect(data[Math.floor((frame + 0.5) * info.height)]).toBeCloseTo(frame * 8, -1);
    expect((await encodeStrip(picture(4))).length).toBeLessThan(200_000);
  });
});
