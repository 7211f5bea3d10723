import { CLIP_FRAMES, CLIP_SIZE } from '@styleflow/contracts';
import type { Tensor } from '@styleflow/inference';

const CLIP_BYTES = CLIP_FRAMES * CLIP_SIZE * CLIP_SIZE * 3;
const LARGEST_NOISE = 32;

/**
 * Clips for trying a graph, uint8 [seeds, 32, 256, 256, 3]: moving waves of colour with noise. A seed always gives the
 * same clip.
 */
export function builtInClips(seeds: readonly number[]): Tensor {
  const data = new Uint8Array(seeds.length * CLIP_BYTES);
  for (const [index, seed] of seeds.entries()) fillClip(data.subarray(index * CLIP_BYTES), seed);
  return { type: 'uint8', dims: [seeds.length, CLIP_FRAMES, CLIP_SIZE, CLIP_SIZE, 3], data };
}

function fillClip(pixels: Uint8Array, seed: number): void {
  let state = (seed * 2654435761 + 1) >>> 0;
  let at = 0;
  for (let frame = 0; frame < CLIP_FRAMES; frame++)
    for (let y = 0; y < CLIP_SIZE; y++) {
      const row = Math.sin((y + 2 * frame) / (17 + seed));
      for (let x = 0; x < CLIP_SIZE; x++)
        for (let colour = 0; colour < 3; colour++) {
          state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
          const wave = row * (WAVES[(x * (colour + 1) + 3 * frame + 40 * seed) % WAVES.length] ?? 0);
          pixels[at++] = 112 + 80 * wave + ((state >>> 24) % LARGEST_NOISE);
        }
    }
}

const WAVES = Float32Array.from({ length: 199 }, (_, index) => Math.sin((2 * Math.PI * index) / 199));
