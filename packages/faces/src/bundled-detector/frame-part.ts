import type { Frame } from '@styleflow/media';
import sharp from 'sharp';
import type { WholeRgb } from '../detection/whole-rgb.js';
import type { Box } from '../geometry/geometry.js';
import { sampleSquare } from './sample-square.js';

/** A frame, or a part of it, resized for a network. */
export interface FramePart {
  readonly width: number;
  readonly height: number;
  /** RGB rows from the top. */
  readonly data: Uint8Array;
  /** Where its upper left corner lies in the frame, in the frame's pixels. */
  readonly left: number;
  readonly top: number;
  /** Pixels of the frame for one pixel of this. */
  readonly scaleX: number;
  readonly scaleY: number;
}

/** Small frames are enlarged at most this much: a larger picture costs more and shows no more. */
const MAX_ENLARGEMENT = 2;
const MAX_LONG_SIDE = 1024;

/**
 * The whole frame, or what of it lies `within` a box of whole numbers, at the size at which the whole has about `area` pixels, so that a
 * search costs the same whatever the format. Black is added at the right and below until both sides are multiples of `step`. The native
 * library resizes on a thread of its own; a pixel becomes the mean of those that it replaces.
 */
export async function wholeFrame(
  frame: Frame,
  rgb: WholeRgb,
  area: number,
  step: number,
  within?: Box,
): Promise<FramePart> {
  const longSide = Math.max(frame.width, frame.height);
  const byArea = Math.sqrt(area / (frame.width * frame.height));
  const factor = Math.min(byArea, MAX_ENLARGEMENT, MAX_LONG_SIDE / longSide);
  const [left, top, rightEdge, bottomEdge] = within ?? [0, 0, frame.width, frame.height];
  const [fromWidth, fromHeight] = [rightEdge - left, bottomEdge - top];
  const width = Math.max(1, Math.round(fromWidth * factor));
  const height = Math.max(1, Math.round(fromHeight * factor));
  const right = -width & (step - 1);
  const bottom = -height & (step - 1);
  const shrunk = await sharp(rgb.of(frame), { raw: { width: frame.width, height: frame.height, channels: 3 } })
    .extract({ left, top, width: fromWidth, height: fromHeight })
    .resize(width, height, { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
  return {
    width: width + right,
    height: height + bottom,
    data: padded(shrunk, width, height, right, bottom),
    left,
    top,
    scaleX: fromWidth / width,
    scaleY: fromHeight / height,
  };
}

/** Adds black at the right and below. Not by the native library, which takes as long for this as for the resizing. */
function padded(data: Uint8Array, width: number, height: number, right: number, bottom: number): Uint8Array {
  if (right === 0 && bottom === 0) return data;
  const out = new Uint8Array((width + right) * (height + bottom) * 3);
  for (let row = 0; row < height; row++) {
    out.set(data.subarray(row * width * 3, (row + 1) * width * 3), row * (width + right) * 3);
  }
  return out;
}

/** A square of the frame as `size` × `size` pixels, black outside the frame. */
export function squarePart(frame: Frame, centre: readonly [number, number], side: number, size: number): FramePart {
  const data = new Uint8Array(size * size * 3);
  const [centreX, centreY] = centre;
  sampleSquare(frame, { centreX, centreY, side, angle: 0 }, size, data);
  const scale = side / size;
  return {
    width: size,
    height: size,
    data,
    left: centreX - side / 2,
    top: centreY - side / 2,
    scaleX: scale,
    scaleY: scale,
  };
}
