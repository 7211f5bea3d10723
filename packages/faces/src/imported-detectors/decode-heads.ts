import { JobError } from '@styleflow/contracts';
import type { Detection } from '../detection/face-detector.js';
import { type DetectionLimits, suppressDetections, wideOverlap } from '../detection/suppress-detections.js';
import { type Box, iou, type Point } from '../geometry/geometry.js';
import { type FrameFit, fitFrame, type SeenSize } from './fit-frame.js';

export type HeadsFamily = 'yunet' | 'scrfd';

/** What must be known of a network to read its heads. */
export interface HeadLayout {
  readonly family: HeadsFamily;
  readonly size: SeenSize;
  /** For each grid the distance of its cells, in pixels. The largest is a multiple of all others. */
  readonly strides: readonly number[];
  /** How many faces each cell proposes. */
  readonly anchors: number;
  readonly scoreKind: 'probability' | 'logit';
}

/**
 * The outputs by role and stride: `scores_8`, `boxes_8`, … Each is flat and holds one row for each proposal: the cells
 * of the grid row by row, the proposals of one cell one after the other.
 */
export type HeadOutputs = Readonly<Record<string, Float32Array>>;

/** The outputs of one grid. */
interface Level {
  readonly stride: number;
  readonly scores: Float32Array;
  readonly objectness: Float32Array | null;
  readonly boxes: Float32Array;
  readonly points: Float32Array;
}

/** A face in pixels of the picture that the network sees. */
interface Place {
  readonly box: Box;
  readonly landmarks: Detection['landmarks'];
}

/**
 * Reads faces out of the outputs of YuNet or SCRFD: in pixels of the frame, best first. Both families give the five
 * points in the order of `Landmarks`. Sources: Wu et al., YuNet (2023), decoded as by OpenCV's FaceDetectorYN; Guo et
 * al., SCRFD (2021), as by InsightFace.
 * @throws JobError `internal` when the outputs do not fit the frame's size.
 */
export function decodeHeads(
  outputs: HeadOutputs,
  layout: HeadLayout,
  frame: { readonly width: number; readonly height: number },
  limits: DetectionLimits,
): Detection[] {
  const { family, strides, anchors } = layout;
  const fit = fitFrame(layout.size, Math.max(...strides), frame);
  const place = { yunet: placeYuNet, scrfd: placeScrfd }[family];
  const found: Detection[] = [];
  for (const stride of strides) {
    const [rows, columns] = [fit.height / stride, fit.width / stride];
    const level = levelOf(outputs, family, stride, rows * columns * anchors);
    for (let index = 0; index < level.scores.length; index++) {
      const score = scoreOf(level, index, layout.scoreKind);
      if (!(score >= limits.minScore)) continue;
      const cell = Math.floor(index / anchors);
      const seen = place(level, index, [cell % columns, Math.floor(cell / columns)]);
      found.push({ score, ...inFrame(seen, fit) });
    }
  }
  return suppressDetections(found, limits, family === 'yunet' ? iou : wideOverlap);
}

function levelOf(outputs: HeadOutputs, family: HeadsFamily, stride: number, proposals: number): Level {
  const take = (role: string, width: number): Float32Array => {
    const values = outputs[`${role}_${stride}`];
    if (values?.length === proposals * width) return values;
    const found = `${values?.length ?? 0} numbers of ${role} at stride ${stride}`;
    throw new JobError('internal', `the detector gave ${found}, expected ${proposals * width}`, { retryable: false });
  };
  return {
    stride,
    scores: take('scores', 1),
    objectness: family === 'yunet' ? take('objectness', 1) : null,
    boxes: take('boxes', 4),
    points: take('points', 10),
  };
}

/**
 * The score, 0..1. YuNet has two: "a face, not another thing" and "something is here"; theirs is the geometric mean.
 */
function scoreOf({ scores, objectness }: Level, index: number, kind: HeadLayout['scoreKind']): number {
  const read = (values: Float32Array): number => {
    const value = values[index] ?? 0;
    return kind === 'logit' ? 1 / (1 + Math.exp(-value)) : Math.min(Math.max(value, 0), 1);
  };
  return objectness ? Math.sqrt(read(scores) * read(objectness)) : read(scores);
}

/**
 * YuNet gives centre and points as distances from the cell's upper left corner, in strides, and sides as their
 * logarithms.
 */
function placeYuNet({ stride, boxes, points }: Level, index: number, [column, row]: Point): Place {
  const value = (i: number): number => boxes[4 * index + i] ?? 0;
  const [x, y] = [(column + value(0)) * stride, (row + value(1)) * stride];
  const [width, height] = [Math.exp(value(2)) * stride, Math.exp(value(3)) * stride];
  const box: Box = [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
  return { box, landmarks: landmarksOf(points, index, [column, row], stride) };
}

/** SCRFD gives the four edges and the points as distances from the cell's upper left corner, in strides. */
function placeScrfd({ stride, boxes, points }: Level, index: number, [column, row]: Point): Place {
  const value = (i: number): number => boxes[4 * index + i] ?? 0;
  const box: Box = [
    (column - value(0)) * stride,
    (row - value(1)) * stride,
    (column + value(2)) * stride,
    (row + value(3)) * stride,
  ];
  return { box, landmarks: landmarksOf(points, index, [column, row], stride) };
}

function landmarksOf(
  points: Float32Array,
  index: number,
  [column, row]: Point,
  stride: number,
): Detection['landmarks'] {
  const point = (i: number): Point => [
    (column + (points[10 * index + 2 * i] ?? 0)) * stride,
    (row + (points[10 * index + 2 * i + 1] ?? 0)) * stride,
  ];
  return [point(0), point(1), point(2), point(3), point(4)];
}

function inFrame({ box, landmarks: [a, b, c, d, e] }: Place, { scaleX, scaleY }: FrameFit): Place {
  const point = ([x, y]: Point): Point => [x * scaleX, y * scaleY];
  return {
    box: [box[0] * scaleX, box[1] * scaleY, box[2] * scaleX, box[3] * scaleY],
    landmarks: [point(a), point(b), point(c), point(d), point(e)],
  };
}
