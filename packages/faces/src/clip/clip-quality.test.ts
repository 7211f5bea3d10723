import { expect, it } from 'vitest';
import type { Landmarks } from '../geometry/geometry.js';
import { CLIP_BYTES } from './align-clip.js';
import { measureQuality, poseOf } from './clip-quality.js';

const FRONTAL: Landmarks = [
  [40, 50],
  [80, 50],
  [60, 70],
  [45, 90],
  [75, 90],
];

it('tells a frontal face from one that is turned, whatever its roll', () => {
  expect(poseOf(FRONTAL)).toEqual({ yaw: 0, pitch: 0.5 });
  const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
  const rolled = FRONTAL.map(([x, y]) => [c * x - s * y, s * x + c * y]) as unknown as Landmarks;
  expect(poseOf(rolled).yaw).toBeCloseTo(0, 12);
  expect(poseOf(rolled).pitch).toBeCloseTo(0.5, 12);
  const turned = FRONTAL.map(([x, y], i) => [i === 2 ? x + 12 : x, y]) as unknown as Landmarks;
  expect(poseOf(turned).yaw).toBeCloseTo(0.3, 12);
});

it('gives the width of the face and how much the picture changes from pixel to pixel', () => {
  const frame = { box: [10, 10, 90, 130] as const, landmarks: FRONTAL };
  const flat = new Uint8Array(CLIP_BYTES).fill(100);
  expect(measureQuality([frame, frame], flat)).toEqual({ faceWidth: 80, sharpness: 0, yaw: 0, pitch: 0.5 });
  // A pattern of single pixels: every step is 2.
  const fine = Uint8Array.from(
    { length: CLIP_BYTES },
    (_, i) => 100 + 2 * ((Math.floor(i / 3) + Math.floor(i / 768)) % 2),
  );
  expect(measureQuality([frame, frame], fine).sharpness).toBe(4);
});
