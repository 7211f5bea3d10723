import { expect, it } from 'vitest';
import { deviceBytes, type MemoryFacts } from './device-memory.js';

/** Manifests of the networks at their published sizes. */
const CONTENT = { variant: 'content', precision: 'fp32', weightBytes: 0.076e9, bytesPerClip: 1.356e9 } as const;
const CONTENT_HALF = { variant: 'content', precision: 'fp16', weightBytes: 0.038e9, bytesPerClip: 0.678e9 } as const;
const ALL = { variant: 'style-content', precision: 'fp32', weightBytes: 4.2e9, bytesPerClip: 2.004e9 } as const;
const ALL_HALF = { variant: 'style-content', precision: 'fp16', weightBytes: 2.1e9, bytesPerClip: 1.007e9 } as const;

/**
 * GB on one H100 with the CUDA provider, everything on the card included (`npm run bench -- device --providers cuda`).
 */
it.each<readonly [string, MemoryFacts, Readonly<Record<number, number>>]>([
  ['content, fp32', CONTENT, { 1: 4.2, 2: 4.2, 4: 8.5, 8: 17.1, 16: 34.3 }],
  ['content, fp16', CONTENT_HALF, { 2: 2.1, 4: 4.2, 8: 8.5, 16: 17.1 }],
  ['all networks, fp32', ALL, { 1: 21.1, 4: 29.7, 8: 55.5 }],
  ['all networks, fp16', ALL_HALF, { 1: 15.3, 4: 23.9, 8: 41.1 }],
])('what a card needs for %s is what one was seen to take, or up to 2.2 times of it', (_name, facts, measured) => {
  for (const [batch, gigabytes] of Object.entries(measured)) {
    const needed = deviceBytes('cuda', facts, Number(batch)) / 1e9;
    expect(needed, `batch ${batch}`).toBeGreaterThanOrEqual(gigabytes);
    expect(needed, `batch ${batch}`).toBeLessThan(2.2 * gigabytes);
  }
});

it('what the CPU needs is the weights twice and its clips', () => {
  expect(deviceBytes('cpu', ALL, 2)).toBeCloseTo(2 * 4.2e9 + 2 * 2.004e9);
  // Halves that are computed as float32 are in memory twice: as halves and as float32.
  expect(deviceBytes('cpu', ALL_HALF, 1)).toBeCloseTo(2.1e9 + 2 * 4.2e9 + 2 * 1.007e9);
});
