import { type Box, boxSize, type Landmarks } from '../geometry/geometry.js';
import { CROP_SIZE } from '../geometry/similarity.js';
import { CROP_BYTES } from './align-clip.js';
import type { ClipQuality } from './face-clip.js';

/** Half of the crop's width and height, around its middle: the face itself, without hair and background. */
const INNER = { from: CROP_SIZE / 4, to: (3 * CROP_SIZE) / 4 };

/**
 * How well the face can be seen in a clip. It is cheap: boxes and points are known, and of the 32 crops one is looked at.
 * @param crops RGB `[32, 256, 256, 3]`, of which the first `frames.length` are those frames
 */
export function measureQuality(
  frames: readonly { readonly box: Box; readonly landmarks: Landmarks }[],
  crops: Uint8Array,
): ClipQuality {
  const middle = Math.floor(frames.length / 2);
  const poses = frames.map(({ landmarks }) => poseOf(landmarks));
  return {
    faceWidth: median(frames.map(({ box }) => boxSize(box).width)),
    sharpness: sharpnessOf(crops.subarray(middle * CROP_BYTES, (middle + 1) * CROP_BYTES)),
    yaw: median(poses.map(({ yaw }) => Math.abs(yaw))),
    pitch: median(poses.map(({ pitch }) => pitch)),
  };
}

/** Where the nose lies in the frame that eyes and mouth span: no angles, but they rise with them, and any five points give them. */
export function poseOf([leftEye, rightEye, nose, leftMouth, rightMouth]: Landmarks): { yaw: number; pitch: number } {
  const [dx, dy] = [rightEye[0] - leftEye[0], rightEye[1] - leftEye[1]];
  const between = Math.hypot(dx, dy) || 1;
  const [ax, ay] = [dx / between, dy / between];
  const eyes = [(leftEye[0] + rightEye[0]) / 2, (leftEye[1] + rightEye[1]) / 2] as const;
  const mouth = [(leftMouth[0] + rightMouth[0]) / 2, (leftMouth[1] + rightMouth[1]) / 2] as const;
  const down = ([x, y]: readonly [number, number]): number => -(x - eyes[0]) * ay + (y - eyes[1]) * ax;
  return {
    yaw: ((nose[0] - eyes[0]) * ax + (nose[1] - eyes[1]) * ay) / between,
    pitch: down(nose) / (down(mouth) || 1),
  };
}

function sharpnessOf(crop: Uint8Array): number {
  let sum = 0;
  for (let y = INNER.from; y < INNER.to; y++) {
    for (let x = INNER.from; x < INNER.to; x++) {
      const at = (y * CROP_SIZE + x) * 3 + 1;
      const here = crop[at] as number;
      sum += ((crop[at + 3] as number) - here) ** 2 + ((crop[at + CROP_SIZE * 3] as number) - here) ** 2;
    }
  }
  return sum / (INNER.to - INNER.from) ** 2 / 2;
}

/** The lower of the two in the middle of an even number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
