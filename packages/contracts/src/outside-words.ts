import type { Outside } from './verdict.js';

const NAMES: Readonly<Record<string, string>> = {
  faceWidth: 'width of the face in pixels',
  sharpness: 'sharpness of the face',
  yaw: 'turn of the head',
  pitch: 'tilt of the head',
  bitsPerPixel: 'bits per pixel',
  fps: 'frames per second',
  durationSeconds: 'length in seconds',
  faces: 'faces',
  clips: 'clips',
  maxFrames: 'the option maxFrames',
  sampling: 'the option sampling',
  detection: 'the option detection',
  preprocessing: 'the way clips are cut (preprocessing)',
  precision: 'precision',
};

/** `face 2: width of the face in pixels is 34, 41 % below the covered 58 to 420`: for people, without a full stop. */
export function outsideWords({ fact, track, value, range, expected }: Outside): string {
  const what = `${track === undefined ? '' : `face ${track + 1}: `}${NAMES[fact] ?? fact}`;
  const is = value === null ? 'could not be measured' : `is ${shown(value)}`;
  if (range === undefined) return `${what} ${is}, and ${shown(expected ?? 'another')} was calibrated on`;
  const [low, high] = range;
  const covered = `${shown(low)} to ${shown(high)}`;
  if (typeof value !== 'number') return `${what} ${is}; ${covered} is covered`;
  const [edge, side] = value < low ? [low, 'below'] : [high, 'above'];
  const part = edge === 0 ? '' : `${shown(Math.abs((value - edge) / edge) * 100)} % `;
  return `${what} ${is}, ${part}${side} the covered ${covered}`;
}

function shown(value: number | string): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(3))) : value;
}
