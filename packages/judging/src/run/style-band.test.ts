import { expect, it } from 'vitest';
import type { JudgedVideo } from './analyse-run.js';
import { styleBandOf } from './style-band.js';

type Told = Pick<JudgedVideo, 'video' | 'outcome'>;

/** A video whose clips have these means, in all groups alike; the fine one ten times as far. */
function told(isFake: boolean, means: readonly number[]): Told {
  const styleMeans = means.map((mean) => ({ coarse: mean, middle: mean, fine: mean * 10 }));
  return { video: { isFake }, outcome: { styleMeans } } as unknown as Told;
}

it('the band holds the 5th, 50th and 95th percentile of the real videos', () => {
  const reals = Array.from({ length: 100 }, (_, index) => told(false, [index + 1]));
  const fakes = Array.from({ length: 50 }, () => told(true, [1000]));
  expect(styleBandOf([...reals, ...fakes])).toEqual({
    groups: { coarse: [5, 50, 95], middle: [5, 50, 95], fine: [50, 500, 950] },
    ...{ videos: 100, clips: 100 },
  });
});

it('a video with many clips counts as one', () => {
  const short = Array.from({ length: 19 }, () => told(false, [1]));
  const long = told(false, new Array<number>(16).fill(9));
  const band = styleBandOf([...short, long]);
  expect(band?.groups.coarse).toEqual([1, 1, 1]);
  expect([band?.videos, band?.clips]).toEqual([20, 35]);
});

it('there is none from fewer than twenty real videos, nor from ones whose style flow is not known', () => {
  expect(styleBandOf(Array.from({ length: 19 }, () => told(false, [1])))).toBeNull();
  expect(styleBandOf(Array.from({ length: 40 }, () => told(false, [])))).toBeNull();
});
