import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Detection } from '../detection/face-detector.js';
import { decodeRetinaFace, type RetinaFaceOutputs } from './decode-retinaface.js';

interface Fixture {
  readonly width: number;
  readonly height: number;
  readonly count: number;
  readonly minScore: number;
  /** Index, score, box (4), points (10), as the network gives them. */
  readonly proposals: readonly (readonly number[])[];
  /** x1, y1, x2, y2, score, points (10), best first. */
  readonly faces: readonly (readonly number[])[];
}

const fixture: Fixture = JSON.parse(readFileSync(new URL('../../fixtures/retinaface.json', import.meta.url), 'utf8'));
const limits = { minScore: fixture.minScore, maxCandidates: 5000, overlap: 0.4, maxFaces: 750 };

function outputsOf({ count, proposals }: Fixture): RetinaFaceOutputs {
  const outputs = {
    scores: new Float32Array(count),
    boxes: new Float32Array(4 * count),
    points: new Float32Array(10 * count),
  };
  for (const [index = 0, score = 0, ...values] of proposals) {
    outputs.scores[index] = score;
    outputs.boxes.set(values.slice(0, 4), 4 * index);
    outputs.points.set(values.slice(4), 10 * index);
  }
  return outputs;
}

const flat = ({ box, score, landmarks }: Detection) => [...box, score, ...landmarks.flat()];

describe('decoding RetinaFace', () => {
  const outputs = outputsOf(fixture);

  it('keeps the faces that the reference keeps, with its boxes and points within 0.05 pixels', () => {
    const found = decodeRetinaFace(outputs, fixture, limits);
    // The fixture does not say what the reference made of its weakest proposal.
    const better = found.filter(({ score }) => score > Math.fround(fixture.minScore));
    expect(better).toHaveLength(fixture.faces.length);
    expect(found.length).toBeLessThan(fixture.proposals.length);
    for (const [place, face] of fixture.faces.entries()) {
      const values = flat(better[place] as Detection);
      const difference = Math.max(...face.map((value, i) => Math.abs(value - (values[i] ?? Number.NaN))));
      expect(difference).toBeLessThan(0.05);
      expect(Math.abs((values[4] ?? 0) - (face[4] ?? 0))).toBeLessThan(1e-4);
    }
  });

  it('finds the same faces whether weak proposals are dropped before the suppression or after', () => {
    const all = decodeRetinaFace(outputs, fixture, limits);
    const strong = decodeRetinaFace(outputs, fixture, { ...limits, minScore: 0.5 });
    expect(strong.length).toBeGreaterThan(1);
    expect(strong).toEqual(all.filter(({ score }) => score >= 0.5));
  });

  it('stops at the number of faces and of candidates that it is told', () => {
    const all = decodeRetinaFace(outputs, fixture, limits);
    expect(decodeRetinaFace(outputs, fixture, { ...limits, maxFaces: 3 })).toEqual(all.slice(0, 3));
    expect(decodeRetinaFace(outputs, fixture, { ...limits, maxCandidates: 1 })).toEqual(all.slice(0, 1));
  });

  it('drops boxes that are no numbers', () => {
    const [best] = decodeRetinaFace(outputs, fixture, limits);
    const boxes = outputs.boxes.slice();
    boxes[4 * outputs.scores.indexOf(best?.score ?? 0) + 2] = 1e6;
    const found = decodeRetinaFace({ ...outputs, boxes }, fixture, limits);
    expect(found[0]?.score).toBeLessThan(best?.score ?? 0);
  });

  it('refuses outputs of another picture size', () => {
    expect(() => decodeRetinaFace(outputs, { width: 648, height: 360 }, limits)).toThrow(
      /9520 proposals for 648 x 360/,
    );
  });
});
