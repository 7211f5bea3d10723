import { expectClose } from '@styleflow/testing';
import { describe, expect, it } from 'vitest';
import { calibrate, sigmoid } from './calibrate.js';

describe('sigmoid', () => {
  it('keeps its precision far from zero, where 1 / (1 + exp(-x)) overflows or rounds', () => {
    // σ(2), σ(−3) and e^−700 to 17 digits, computed by hand with an arbitrary-precision calculator.
    expectClose([sigmoid(0), sigmoid(2), sigmoid(-3)], [0.5, 0.88079707797788243, 0.047425873177566781], {
      rel: 1e-15,
    });
    expectClose(sigmoid(-700), 9.8596765437597708e-305, { rel: 1e-13 });
    expect([sigmoid(800), sigmoid(-800)]).toEqual([1, 0]);
  });
});

describe('calibrate', () => {
  it('scales and shifts the logit before the sigmoid', () => {
    expect(calibrate(1.5, { a: 2, b: -1 })).toBe(sigmoid(2));
    expect(calibrate(-0.25, { a: 1, b: 0 })).toBe(sigmoid(-0.25));
  });

  it('refuses a logit that is no number, so that NaN never becomes a verdict', () => {
    expect(() => calibrate(Number.NaN, { a: 1, b: 0 })).toThrow(RangeError);
    expect(() => calibrate(Number.POSITIVE_INFINITY, { a: 1, b: 0 })).toThrow(RangeError);
  });
});
