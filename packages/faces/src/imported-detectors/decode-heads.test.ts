import { describe, expect, it } from 'vitest';
import { decodeHeads, type HeadLayout, type HeadOutputs } from './decode-heads.js';

const LIMITS = { minScore: 0.5, overlap: 0.4, maxCandidates: 100, maxFaces: 10 };
const YUNET: HeadLayout = {
  family: 'yunet',
  size: [64, 96],
  strides: [8, 32],
  anchors: 1,
  scoreKind: 'probability',
};
const SCRFD: HeadLayout = { ...YUNET, family: 'scrfd', anchors: 2 };
/** Twice the size of the picture that these networks see: expected coordinates are twice what the heads say. */
const FRAME = { width: 192, height: 128 };

interface Row {
  readonly stride: number;
  readonly column: number;
  readonly row: number;
  readonly anchor?: number;
  readonly scores: number;
  readonly objectness?: number;
  readonly boxes: readonly number[];
  readonly points?: readonly number[];
}

/** Heads of a 96 × 64 picture that find nothing except what these rows say. */
function headsWith(layout: HeadLayout, rows: readonly Row[], nothing = 0): Record<string, Float32Array> {
  const heads: Record<string, Float32Array> = {};
  for (const stride of layout.strides) {
    const proposals = (96 / stride) * (64 / stride) * layout.anchors;
    heads[`scores_${stride}`] = new Float32Array(proposals).fill(nothing);
    if (layout.family === 'yunet') heads[`objectness_${stride}`] = new Float32Array(proposals).fill(nothing);
    heads[`boxes_${stride}`] = new Float32Array(4 * proposals);
    heads[`points_${stride}`] = new Float32Array(10 * proposals);
  }
  for (const { stride, column, row, anchor = 0, scores, objectness = 1, boxes, points = [] } of rows) {
    const index = (row * (96 / stride) + column) * layout.anchors + anchor;
    heads[`scores_${stride}`]?.set([scores], index);
    heads[`objectness_${stride}`]?.set([objectness], index);
    heads[`boxes_${stride}`]?.set(boxes, 4 * index);
    heads[`points_${stride}`]?.set(points, 10 * index);
  }
  return heads;
}

const POINTS = [0.25, 0.5, 0.75, 0.5, 0.5, 1, 0.25, 1.5, 0.75, 1.5];

describe('decoding YuNet', () => {
  it('gives box, points and score of a cell in pixels of the frame', () => {
    // A box of 2 by 4 strides, as exactly as a float32 logarithm says it, about (column + 0.5, row + 0.25).
    const boxes = [0.5, 0.25, Math.log(2), Math.log(4)];
    const heads = headsWith(YUNET, [
      { stride: 8, column: 5, row: 3, scores: 0.81, objectness: 0.64, boxes, points: POINTS },
    ]);
    const [face, ...others] = decodeHeads(heads, YUNET, FRAME, LIMITS);
    expect(others).toEqual([]);
    expect(face?.score).toBeCloseTo(Math.sqrt(0.81 * 0.64), 6);
    // Centre (5.5, 3.25) · 8 = (44, 26); 16 wide, 32 high; all doubled.
    expect(face?.box.map((value) => Number(value.toFixed(4)))).toEqual([72, 20, 104, 84]);
    expect(face?.landmarks).toEqual([
      [84, 56],
      [92, 56],
      [88, 64],
      [84, 72],
      [92, 72],
    ]);
  });

  it('reads logits by the sigmoid, and cuts other scores to 0..1', () => {
    const at = { stride: 32, column: 1, row: 1, boxes: [0, 0, 0, 0] };
    const logits = headsWith(YUNET, [{ ...at, scores: Math.log(3), objectness: Math.log(9) }], -20);
    const [face] = decodeHeads(logits, { ...YUNET, scoreKind: 'logit' }, FRAME, LIMITS);
    expect(face?.score).toBeCloseTo(Math.sqrt(0.75 * 0.9), 6);
    const [sure] = decodeHeads(headsWith(YUNET, [{ ...at, scores: 1.02 }]), YUNET, FRAME, LIMITS);
    expect(sure?.score).toBe(1);
    expect(decodeHeads(headsWith(YUNET, [{ ...at, scores: -0.5, objectness: -2 }]), YUNET, FRAME, LIMITS)).toEqual([]);
  });
});

describe('decoding SCRFD', () => {
  it('counts the edges from the upper left corner of the cell, for each of its two proposals', () => {
    const heads = headsWith(SCRFD, [
      { stride: 8, column: 2, row: 4, anchor: 1, scores: 0.9, boxes: [1, 1.5, 2, 3], points: POINTS },
      { stride: 32, column: 2, row: 0, scores: 0.75, boxes: [0.5, 0, 0.5, 1] },
    ]);
    const [first, second, ...others] = decodeHeads(heads, SCRFD, FRAME, LIMITS);
    expect(others).toEqual([]);
    // Corner (16, 32): 8 to the left, 12 up, 16 to the right, 24 down; all doubled.
    expect(first?.box).toEqual([16, 40, 64, 112]);
    expect(first?.score).toBeCloseTo(0.9, 6);
    expect(first?.landmarks[1]).toEqual([44, 72]);
    expect(second?.box).toEqual([96, 0, 160, 64]);
  });

  it('undoes the fit into the size, axis by axis', () => {
    // 203 × 117 shows as 96 × 55 in 96 × 64 (55.3 rows, cut).
    const heads = headsWith(SCRFD, [{ stride: 32, column: 1, row: 1, scores: 0.9, boxes: [1, 1, 1, 0.5] }]);
    const [face] = decodeHeads(heads, SCRFD, { width: 203, height: 117 }, LIMITS);
    expect(face?.box.map((value) => Number(value.toFixed(3)))).toEqual([0, 0, 135.333, 102.109]);
  });

  it('at the size of the frame shifts nothing', () => {
    const native = { ...SCRFD, size: 'native' as const };
    const heads = headsWith(native, [{ stride: 8, column: 2, row: 4, scores: 0.9, boxes: [1, 1.5, 2, 3] }]);
    expect(decodeHeads(heads, native, { width: 90, height: 40 }, LIMITS)[0]?.box).toEqual([8, 20, 32, 56]);
  });
});

describe('the faces of both', () => {
  const near = (scores: number, shift: number): Row => ({
    stride: 8,
    column: 4 + shift,
    row: 4,
    scores,
    boxes: [2, 2, 2, 2],
  });

  it('come best first, without weaker ones that overlap better ones', () => {
    const heads = headsWith(SCRFD, [near(0.7, 0), near(0.8, 1), near(0.6, 4), { ...near(0.4, 7), row: 6 }]);
    const found = decodeHeads(heads, SCRFD, FRAME, LIMITS);
    // One cell apart the boxes share 24 × 32 of 40 × 32 pixels: 0.6. Three apart 0.14.
    expect(found.map(({ score }) => Number(score.toFixed(2)))).toEqual([0.8, 0.6]);
    expect(decodeHeads(heads, SCRFD, FRAME, { ...LIMITS, overlap: 0.7 })).toHaveLength(3);
    expect(decodeHeads(heads, SCRFD, FRAME, { ...LIMITS, maxFaces: 1 })).toEqual(found.slice(0, 1));
    expect(decodeHeads(heads, SCRFD, FRAME, { ...LIMITS, minScore: 0.3 })).toHaveLength(3);
  });

  it('are measured plainly with YuNet, and with a pixel more on each side with SCRFD', () => {
    // Side by side, 8 pixels of the frame wide, sharing 4: plainly 1/3, with the pixel more 5/13.
    const small = (scores: number, shift: number) => ({ stride: 8, column: 4, row: 4, scores, shift });
    const rows = [small(0.9, 0), small(0.8, 0.25)];
    const yunet = rows.map(({ shift, ...row }, at) => ({
      ...row,
      column: row.column + at,
      boxes: [shift - at, 0, Math.log(0.5), Math.log(0.5)],
    }));
    const scrfd = rows.map(({ shift, ...row }, at) => ({
      ...row,
      anchor: at,
      boxes: [0.25 - shift, 0.25, 0.25 + shift, 0.25],
    }));
    for (const [overlap, count] of [
      [0.3, 1],
      [0.35, 2],
    ] as const) {
      expect(decodeHeads(headsWith(YUNET, yunet), YUNET, FRAME, { ...LIMITS, overlap })).toHaveLength(count);
    }
    for (const [overlap, count] of [
      [0.35, 1],
      [0.5, 2],
    ] as const) {
      expect(decodeHeads(headsWith(SCRFD, scrfd), SCRFD, FRAME, { ...LIMITS, overlap })).toHaveLength(count);
    }
  });

  it('are finite: a proposal without numbers is none', () => {
    const boxes = [0, 0, 1000, 0];
    const heads = headsWith(YUNET, [{ stride: 8, column: 1, row: 1, scores: 1, boxes }]);
    expect(decodeHeads(heads, YUNET, FRAME, LIMITS)).toEqual([]);
    const unsure = headsWith(YUNET, [{ stride: 8, column: 1, row: 1, scores: Number.NaN, boxes: [0, 0, 0, 0] }]);
    expect(decodeHeads(unsure, YUNET, FRAME, LIMITS)).toEqual([]);
  });

  it('are refused where the outputs do not fit the frame', () => {
    const heads: HeadOutputs = headsWith(YUNET, []);
    const native = { ...YUNET, size: 'native' as const };
    expect(() => decodeHeads(heads, native, { width: 96, height: 65 }, LIMITS)).toThrow(
      'the detector gave 96 numbers of scores at stride 8, expected 144',
    );
    const { points_32: _, ...rest } = heads;
    expect(() => decodeHeads(rest, YUNET, FRAME, LIMITS)).toThrow('0 numbers of points at stride 32, expected 60');
  });
});
