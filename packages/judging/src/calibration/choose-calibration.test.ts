import { calibrate } from '@styleflow/scoring';
import { expect, it } from 'vitest';
import { chooseCalibration } from './choose-calibration.js';
import { fitIsotonic } from './isotonic.js';
import { fitPlatt } from './platt.js';

const served = { a: 1, b: 0 };
const made = (count: number, logitOf: (isFake: boolean, i: number) => number) =>
  Array.from({ length: count }, (_, i) => ({ isFake: i % 2 === 0, logit: logitOf(i % 2 === 0, i) }));

it('takes Platt scaling of ten videos and says why steps were not tried', () => {
  const chosen = chooseCalibration(
    made(10, (fake, i) => (fake ? 1 : -1) + i / 10),
    { seed: 1, served },
  );
  expect(chosen.method).toBe('platt');
  expect(chosen.notes).toEqual([
    'isotonic calibration was not tried: it needs 50 videos of each class, and there are 5 of one',
  ]);
});

it('refuses steps of six points when they are asked for, and four videos at all', () => {
  const six = made(12, (fake, i) => (fake ? 1 : -1) + i / 10);
  expect(() => chooseCalibration(six, { seed: 1, served, wanted: 'isotonic' })).toThrow(/needs 50 videos of each/);
  expect(() => chooseCalibration(six.slice(0, 4), { seed: 1, served })).toThrow(/at least 5 scored videos of each/);
});

it('refuses scores that do not rise from real to fake', () => {
  expect(() =>
    chooseCalibration(
      made(40, (fake, i) => (fake ? -1 : 1) + i / 50),
      { seed: 1, served },
    ),
  ).toThrow(/rise/);
});

it('takes steps where they do better on videos that were held back', () => {
  // A jump that no sigmoid follows: three plateaus, by turns.
  const items = made(600, (fake, i) =>
    i % 12 < 6 ? (fake ? 5 : 4) + (i % 7) / 100 : (i % 12) / 3 - 8 + (i % 5) / 100,
  );
  const chosen = chooseCalibration(items, { seed: 1, served });
  const [, platt, steps] = chosen.losses.map(({ loss }) => loss ?? 0);
  expect(chosen.method).toBe('isotonic');
  expect(steps).toBeLessThan(platt ?? 0);
  expect(calibrate(-100, chosen.calibration)).toBeGreaterThan(0);
});

it('gives a finite curve where the classes lie apart, and merges equal logits', () => {
  const { a, b } = fitPlatt(made(20, (fake) => (fake ? 3 : -3)));
  expect([a, b].every(Number.isFinite)).toBe(true);
  expect(a).toBeGreaterThan(0);
  expect(
    fitIsotonic([
      { logit: 0, isFake: true },
      { logit: 0, isFake: false },
      { logit: 1, isFake: true },
    ]),
  ).toEqual([
    [0, 0.5],
    [1, 1],
  ]);
});
