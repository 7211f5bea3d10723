import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { openSession } from '@styleflow/inference';
import { describe, expect, it } from 'vitest';
import { landmarkGraph, readTfjsWeights } from './face-landmarks.js';
import { modelBytes } from './test-model.js';

const MANIFEST = createRequire(import.meta.url).resolve(
  '@vladmandic/face-api/model/face_landmark_68_model-weights_manifest.json',
);
/** Outputs of face-api's own network for the picture below; made by landmarks-68.generate.mjs beside it. */
const REFERENCE: number[] = JSON.parse(readFileSync(new URL('../fixtures/landmarks-68.json', import.meta.url), 'utf8'));

function picture(): Float32Array {
  return Float32Array.from({ length: 112 * 112 * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    const wave = Math.sin((pixel % 112) / 17) * Math.cos(Math.floor(pixel / 112) / 13);
    return Math.min(255, Math.round(128 + 100 * wave + 20 * (i % 3)));
  });
}

describe('landmarkGraph', () => {
  it('gives the 68 points that face-api gives, to 1e-5, whatever stands beside a face in the batch', async () => {
    const graph = landmarkGraph(await readTfjsWeights(MANIFEST));
    const session = await openSession(await modelBytes(graph), { providers: ['cpu'], threads: 1 });
    const face = picture();
    const faces = new Float32Array(face.length * 2);
    faces.set(face, face.length);
    const { landmarks } = await session.run({ faces: { type: 'float32', dims: [2, 112, 112, 3], data: faces } });
    await session.release();
    expect(landmarks?.dims).toEqual([2, 68, 2]);
    const points = Array.from(landmarks?.data ?? [], Number).slice(136);
    expect(Math.max(...points.map((value, i) => Math.abs(value - (REFERENCE[i] ?? Number.NaN))))).toBeLessThan(1e-5);
  });
});
