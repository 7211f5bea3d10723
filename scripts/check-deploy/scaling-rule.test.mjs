import { beforeAll, describe, expect, it } from 'vitest';
import { installDeployTools } from '../set-up/deploy-tools.mjs';
import { ROOT } from '../set-up/root.mjs';
import { renderChart } from './render-chart.mjs';

/** @type {any} KEDA's object for the inference workers, with the chart's defaults */
let scaler;
beforeAll(async () => {
  const { manifests } = await renderChart(await installDeployTools(), ROOT);
  scaler = manifests.find(({ values, json }) => {
    return values === 'small.yaml' && json.kind === 'ScaledObject' && json.metadata.name.includes('-gpu-');
  })?.json.spec;
});

/**
 * How many workers the autoscaler asks for: the formula's value over its target, rounded up (AverageValue), within the
 * bounds. The formula keeps to what KEDA's expression language and JavaScript have in common.
 * @param {{ waiting: number, active: number, oldest: number, workers: number }} figures
 */
function workersFor({ waiting, active, oldest, workers }) {
  const { formula, target } = scaler.advanced.scalingModifiers;
  const names = ['min', 'max', 'waiting', 'active', 'oldest', 'workers'];
  const value = new Function(...names, `return ${formula}`)(Math.min, Math.max, waiting, active, oldest, workers);
  return Math.min(scaler.maxReplicaCount, Math.max(scaler.minReplicaCount, Math.ceil(value / Number(target))));
}

describe('the rule by which inference workers are scaled', () => {
  it('keeps nobody when nothing waits and nothing runs', () => {
    expect(workersFor({ waiting: 0, active: 0, oldest: 0, workers: 3 })).toBe(0);
  });

  it('starts the first worker for the first clip', () => {
    expect(workersFor({ waiting: 1, active: 0, oldest: 1, workers: 0 })).toBe(1);
  });

  it('asks for one worker per 32 clips, those that run among them', () => {
    expect(workersFor({ waiting: 96, active: 0, oldest: 5, workers: 0 })).toBe(3);
    expect(workersFor({ waiting: 0, active: 48, oldest: 0, workers: 3 })).toBe(2);
  });

  it('doubles the workers when the oldest clip waits twice as long as it may', () => {
    expect(workersFor({ waiting: 60, active: 32, oldest: 60, workers: 3 })).toBe(3);
    expect(workersFor({ waiting: 60, active: 32, oldest: 240, workers: 3 })).toBe(6);
  });

  it('starts no more workers than there are clips, however old they are', () => {
    expect(workersFor({ waiting: 2, active: 0, oldest: 86_400, workers: 2 })).toBe(2);
  });

  it('stays within its bounds', () => {
    expect(workersFor({ waiting: 20_000, active: 0, oldest: 0, workers: 0 })).toBe(scaler.maxReplicaCount);
  });
});
