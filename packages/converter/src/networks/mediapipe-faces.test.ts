import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { openSession } from '@styleflow/inference';
import type { OnnxGraph } from '@styleflow/onnx';
import { describe, expect, it } from 'vitest';
import { modelBytes } from '../test-model.js';
import { faceMeshGraph, fullRangeGraph, readFaceMesh, readFullRange } from './mediapipe-faces.js';
import { readTflite } from './tflite-model.js';

const require = createRequire(import.meta.url);
const folderOf = (name: string) => dirname(require.resolve(`${name}/package.json`));
/** Outputs of TensorFlow Lite for the picture below; made by mediapipe-faces.generate.mjs beside it. */
const REFERENCE: Record<'every' | 'logits' | 'boxes' | 'points' | 'presence', number[]> & { every: number } =
  JSON.parse(readFileSync(new URL('../../fixtures/mediapipe-faces.json', import.meta.url), 'utf8'));

/** A synthetic picture in the upper left of a black one of the size asked for. */
function picture(width = 192, height = 192): Uint8Array {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < 192; y++) {
    for (let x = 0; x < 192; x++) {
      const wave = Math.sin(x / 17) * Math.cos(y / 13);
      for (let c = 0; c < 3; c++) data[(y * width + x) * 3 + c] = Math.min(255, Math.round(128 + 100 * wave + 20 * c));
    }
  }
  return data;
}

async function run(graph: OnnxGraph, input: string, dims: readonly number[], data: Uint8Array) {
  const session = await openSession(await modelBytes(graph), { providers: ['cpu'], threads: 1 });
  const outputs = await session.run({ [input]: { type: 'uint8', dims, data } });
  await session.release();
  return (name: string) => Array.from(outputs[name]?.data ?? [], Number);
}

function largestDifference(ours: readonly number[], reference: readonly number[]): number {
  expect(ours).toHaveLength(reference.length);
  return Math.max(...ours.map((value, i) => Math.abs(value - (reference[i] ?? Number.NaN))));
}

describe('the face networks of MediaPipe', () => {
  it('search as TensorFlow Lite does: logits to 1e-4, boxes to 1e-3 pixels', async () => {
    const graph = fullRangeGraph(readTflite(await readFullRange(folderOf('@mediapipe/face_detection'))));
    const output = await run(graph, 'pictures', [1, 192, 192, 3], picture());
    const cells = output('logits').length;
    const kept = Array.from({ length: cells }, (_, cell) => cell).filter((cell) => cell % REFERENCE.every === 0);
    const values = Array.from({ length: 16 }, (_, i) => i);
    const boxes = output('boxes');
    expect(
      largestDifference(
        kept.map((cell) => output('logits')[cell] ?? Number.NaN),
        REFERENCE.logits,
      ),
    ).toBeLessThan(1e-4);
    expect(
      largestDifference(
        kept.flatMap((cell) => values.map((i) => boxes[i * cells + cell] ?? Number.NaN)),
        REFERENCE.boxes,
      ),
    ).toBeLessThan(1e-3);
  });

  it('search pictures of other sizes: one answer for each 4 × 4 pixels', async () => {
    const graph = fullRangeGraph(readTflite(await readFullRange(folderOf('@mediapipe/face_detection'))));
    const output = await run(graph, 'pictures', [1, 224, 320, 3], picture(320, 224));
    expect(output('logits')).toHaveLength(56 * 80);
    expect(output('boxes')).toHaveLength(56 * 80 * 16);
  });

  it('place the mesh as TensorFlow Lite does to 1e-3 pixels, whatever stands beside a face in the batch', async () => {
    const graph = faceMeshGraph(readTflite(await readFaceMesh(folderOf('@mediapipe/face_mesh'))));
    const faces = new Uint8Array(2 * 192 * 192 * 3);
    faces.set(picture(), 192 * 192 * 3);
    const output = await run(graph, 'faces', [2, 192, 192, 3], faces);
    expect(largestDifference(output('points').slice(468 * 3), REFERENCE.points)).toBeLessThan(1e-3);
    expect(largestDifference(output('presence').slice(1), REFERENCE.presence)).toBeLessThan(1e-4);
  });

  it('are refused when the file is another kind of network', () => {
    expect(() => readTflite(Uint8Array.from({ length: 64 }, () => 0))).toThrow(RangeError);
  });
});
