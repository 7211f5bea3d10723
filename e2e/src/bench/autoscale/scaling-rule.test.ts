import { describe, expect, it } from 'vitest';
import { formulaValue, Scaler, type ScalingRule } from './scaling-rule.js';

const RULE: ScalingRule = {
  minReplicaCount: 0,
  maxReplicaCount: 8,
  pollingInterval: 15,
  cooldownPeriod: 600,
  advanced: {
    horizontalPodAutoscalerConfig: {
      behavior: {
        scaleUp: {
          stabilizationWindowSeconds: 0,
          policies: [
            { type: 'Percent', value: 100, periodSeconds: 30 },
            { type: 'Pods', value: 4, periodSeconds: 30 },
          ],
        },
        scaleDown: {
          stabilizationWindowSeconds: 600,
          policies: [{ type: 'Percent', value: 50, periodSeconds: 60 }],
        },
      },
    },
    scalingModifiers: { formula: 'max(waiting + active, workers * oldest)', target: 32, activationTarget: 0 },
  },
};
const IDLE = { waiting: 0, active: 0, oldest: 0, workers: 0 };
const BURST = { ...IDLE, waiting: 20_000 };

describe('the autoscaler', () => {
  it('evaluates the formula that the chart gives it', () => {
    expect(formulaValue(RULE, { waiting: 3, active: 4, oldest: 10, workers: 2 })).toBe(20);
  });

  it('keeps nobody while nothing waits, and wakes for the first entry', () => {
    const scaler = new Scaler(RULE);
    expect(scaler.decide(0, IDLE, 0)).toBe(0);
    expect(scaler.decide(15, { ...IDLE, waiting: 1 }, 0)).toBe(1);
  });

  it('adds four workers or as many as there are in half a minute, up to the most', () => {
    const scaler = new Scaler(RULE);
    expect(scaler.decide(0, IDLE, 0)).toBe(0);
    expect(scaler.decide(15, BURST, 0)).toBe(4);
    expect(scaler.decide(30, BURST, 4)).toBe(4);
    expect(scaler.decide(45, BURST, 4)).toBe(8);
    expect(scaler.decide(90, BURST, 8)).toBe(8);
  });

  it('takes workers away only after what was wished for ten minutes allows it, half of them a minute, and all at last', () => {
    const scaler = new Scaler(RULE);
    scaler.decide(0, BURST, 8);
    expect(scaler.decide(15, { ...IDLE, active: 32, workers: 8 }, 8)).toBe(8);
    expect(scaler.decide(599, { ...IDLE, active: 32, workers: 8 }, 8)).toBe(8);
    expect(scaler.decide(616, { ...IDLE, active: 32, workers: 8 }, 8)).toBe(4);
    expect(scaler.decide(631, { ...IDLE, workers: 4 }, 4)).toBe(4);
    expect(scaler.decide(1_300, { ...IDLE, workers: 4 }, 4)).toBe(0);
  });

  it('leaves a load alone that is within a tenth of the target', () => {
    const scaler = new Scaler(RULE);
    expect(scaler.decide(0, { ...IDLE, active: 4 * 32 + 8, workers: 4 }, 4)).toBe(4);
    expect(scaler.decide(15, { ...IDLE, active: 4 * 32 + 32, workers: 4 }, 4)).toBe(5);
  });
});
