import { describe, expect, it } from 'vitest';
import type { Box } from '../geometry/geometry.js';
import { landmarksIn } from '../test-faces.js';
import { rgbFrame } from '../test-frames.js';
import { detectionOf, scoreOf } from './face-evidence.js';
import { FaceMesh } from './face-mesh.js';
import { FullRange } from './full-range.js';

/** What the search (score) and the mesh (presence) say of a box of this height. */
function evidence(height: number, score: number, presence: number, pixel = 1) {
  const box: Box = [100, 100, 100 + height, 100 + height];
  const points = [120, 120, 140, 120, 130, 130, 130, 140, 100, 120, 160, 120];
  const square = { centreX: 120, centreY: 120, side: height, angle: 0 };
  const mesh = { presence, box: [0, 0, 10, 10] as const, landmarks: landmarksIn([0, 0, 10, 10]), square };
  return { sighting: { box, score, points, isClose: true }, mesh, pixel };
}

/** A network that answers with the same outputs whatever it sees. */
function answering(outputs: Readonly<Record<string, readonly number[]>>) {
  return {
    inputNames: [],
    provider: 'cpu' as const,
    placement: null,
    outputNames: Object.keys(outputs),
    run: async () =>
      Object.fromEntries(
        Object.entries(outputs).map(([name, values]) => [
          name,
          { type: 'float32' as const, dims: [values.length], data: Float32Array.from(values) },
        ]),
      ),
    release: async () => {},
  };
}

describe('evidence of a face', () => {
  it('follows the mesh where there are pixels enough; where there are few its yes counts, its no does not', () => {
    expect(scoreOf(evidence(120, 0.8, 0.001))).toBeLessThan(0.05);
    expect(scoreOf(evidence(120, 0.3, 0.999))).toBeGreaterThan(0.95);
    expect(scoreOf(evidence(15, 0.8, 0.001))).toBeCloseTo(0.8, 6);
    expect(scoreOf(evidence(15, 0.3, 0.999))).toBeGreaterThan(0.6);
  });

  it('counts pixels that may be enlarged ones as fewer against a face, but not for it', () => {
    expect(scoreOf(evidence(45, 0.8, 0.001, 3))).toBeCloseTo(0.8, 6);
    expect(scoreOf(evidence(360, 0.8, 0.001, 3))).toBeLessThan(0.05);
    expect(scoreOf(evidence(45, 0.3, 0.999, 3))).toBe(scoreOf(evidence(45, 0.3, 0.999)));
  });

  it('stays between 0 and 1 whatever the two say', () => {
    for (const score of [0, 0.5, 1]) {
      for (const presence of [0, 0.5, 1]) {
        const found = scoreOf(evidence(80, score, presence));
        expect(found >= 0 && found <= 1).toBe(true);
      }
    }
  });

  it("gives the mesh's points where it is sure and the search's where it is not", () => {
    expect(detectionOf(evidence(20, 0.8, 0.9)).landmarks).toEqual(landmarksIn([0, 0, 10, 10]));
    const rough = detectionOf(evidence(20, 0.8, 0.1)).landmarks;
    expect(rough.slice(0, 3)).toEqual([
      [120, 120],
      [140, 120],
      [130, 130],
    ]);
    expect(rough[3][0] + rough[4][0]).toBeCloseTo(260, 6);
  });
});

describe('networks that answer with no numbers', () => {
  const part = { width: 4, height: 4, data: new Uint8Array(48), left: 0, top: 0, scaleX: 1, scaleY: 1 };
  const values = (bad: number) => Array.from({ length: 16 }, (_, i) => (i === 7 ? bad : 10));

  it('find no face', async () => {
    const find = (logit: number, bad: number) =>
      new FullRange(answering({ logits: [logit], boxes: values(bad) })).find(part, 0.2);
    expect(await find(3, 10)).toHaveLength(1);
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(await find(3, bad)).toEqual([]);
      expect(await find(Number.NaN, 10)).toEqual([]);
    }
  });

  it('see no face', async () => {
    const data = new Uint8Array(3);
    const frame = rgbFrame({ index: 0, seconds: 0, window: 0, width: 1, height: 1 }, data);
    const square = { centreX: 0, centreY: 0, side: 10, angle: 0 };
    const look = async (presence: number, bad: number) => {
      const points = Array.from({ length: 468 * 3 }, (_, i) => (i === 3 ? bad : i % 192));
      const [face] = await new FaceMesh(answering({ points, presence: [presence] })).look(frame, [square]);
      return face?.presence;
    };
    expect(await look(4, 5)).toBeGreaterThan(0.9);
    expect(await look(Number.NaN, 5)).toBe(0);
    expect(await look(4, Number.NaN)).toBe(0);
  });
});
