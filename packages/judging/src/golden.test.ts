import { readFileSync } from 'node:fs';
import { calibrate } from '@styleflow/scoring';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { rateUpperBound } from './calibration/binomial.js';
import { fitIsotonic } from './calibration/isotonic.js';
import { fitPlatt } from './calibration/platt.js';
import { youdenThreshold } from './calibration/thresholds.js';
import { delongTest, delongVariance } from './intervals/delong.js';
import { twoSidedTail } from './intervals/normal.js';
import { confusionOf } from './metrics/confusion.js';
import { measureCounts } from './metrics/measure-counts.js';
import { countsOf } from './metrics/score-counts.js';

/** Made by fixtures/make-golden.py from scikit-learn, SciPy and pROC: 2,000 scores with two digits, so with many ties. */
const GoldenSchema = z.object({
  ...{ fake: z.array(z.number()), logit: z.array(z.number()), score: z.array(z.number()), other: z.array(z.number()) },
  ...{ auc: z.number(), ap: z.number(), eer: z.number(), tprAt1Fpr: z.number(), tprAt5Fpr: z.number() },
  ...{ brier: z.number(), calibrationError: z.number(), accuracy: z.number(), balancedAccuracy: z.number() },
  confusion: z.object({ tp: z.number(), fp: z.number(), fn: z.number(), tn: z.number() }),
  youden: z.number(),
  delong: z.record(z.string(), z.number()),
  platt: z.object({ a: z.number(), b: z.number() }),
  isotonic: z.object({ at: z.array(z.number()), value: z.array(z.number()) }),
  binomial: z.array(z.tuple([z.number(), z.number(), z.number()])),
  normal: z.array(z.tuple([z.number(), z.number()])),
});

const golden = GoldenSchema.parse(
  JSON.parse(readFileSync(new URL('../fixtures/golden.json', import.meta.url), 'utf8')),
);
const isFake = golden.fake.map((fake) => fake === 1);
const items = golden.score.map((score, index) => ({ score, isFake: isFake[index] === true }));
const logits = golden.logit.map((logit, index) => ({ logit, isFake: isFake[index] === true }));
/** Of every figure below, absolutely. */
const DIGITS = 9;

it('gives the figures of scikit-learn on scores with ties', () => {
  const rule = { real: 0.5, fake: 0.5 };
  const measures = measureCounts(countsOf(items), rule);
  for (const name of ['auc', 'ap', 'eer', 'tprAt1Fpr', 'tprAt5Fpr', 'brier', 'calibrationError'] as const)
    expect([name, measures[name]]).toEqual([name, expect.closeTo(golden[name], DIGITS)]);
  expect(measures.accuracy).toBeCloseTo(golden.accuracy, DIGITS);
  expect(measures.balancedAccuracy).toBeCloseTo(golden.balancedAccuracy, DIGITS);
  const { tp, fp, fn, tn } = golden.confusion;
  expect(confusionOf(countsOf(items), rule)).toEqual({
    ...{ fakesCalledFake: tp, fakesCalledReal: fn, fakesUnanswered: 0 },
    ...{ realsCalledFake: fp, realsCalledReal: tn, realsUnanswered: 0 },
  });
  const { fpr, tpr } = youdenThreshold(items);
  expect(tpr - fpr).toBeCloseTo(golden.youden, DIGITS);
});

it("gives the test and the variances of pROC's DeLong", () => {
  const test = delongTest({ isFake, first: golden.score, second: golden.other });
  expect(test.first).toBeCloseTo(golden.delong.first ?? 0, DIGITS);
  expect(test.second).toBeCloseTo(golden.delong.second ?? 0, DIGITS);
  // pROC subtracts the second from the first.
  expect(-(test.z ?? 0)).toBeCloseTo(golden.delong.z ?? 0, 8);
  expect(test.p).toBeCloseTo(golden.delong.p ?? 0, DIGITS);
  expect(delongVariance(golden.score, isFake)).toBeCloseTo(golden.delong.varianceFirst ?? 0, 12);
  expect(delongVariance(golden.other, isFake)).toBeCloseTo(golden.delong.varianceSecond ?? 0, 12);
});

it("fits Platt's curve as a general minimiser does, and the steps of scikit-learn's isotonic regression", () => {
  const { a, b } = fitPlatt(logits);
  expect(a).toBeCloseTo(golden.platt.a, 6);
  expect(b).toBeCloseTo(golden.platt.b, 6);
  const points = fitIsotonic(logits);
  for (const [index, at] of golden.isotonic.at.entries())
    expect(calibrate(at, { points })).toBeCloseTo(golden.isotonic.value[index] ?? 0, DIGITS);
});

it('gives the exact binomial bounds and the normal tails of SciPy', () => {
  for (const [k, n, bound] of golden.binomial) expect(rateUpperBound(k, n, 0.95)).toBeCloseTo(bound, DIGITS);
  for (const [z, p] of golden.normal) expect(twoSidedTail(z) / p).toBeCloseTo(1, DIGITS);
});
