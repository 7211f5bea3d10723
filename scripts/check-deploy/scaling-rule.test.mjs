// @module-tag deploy-tools
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { installDeployTools } from '../set-up/deploy-tools.mjs';
import { ROOT } from '../set-up/root.mjs';
import { renderChart } from './render-chart.mjs';
import { runTool } from './run-tool.mjs';

/** @type {any} KEDA's object for the GPU workers, with the chart's defaults */
let scaler;
let promtool = '';
beforeAll(async () => {
  const tools = await installDeployTools();
  promtool = tools.programs.promtool ?? '';
  const { manifests } = await renderChart(tools, ROOT);
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

describe('the rule by which GPU workers are scaled', () => {
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

describe('what the rule asks Prometheus', () => {
  const API = 'installation="video/ci", pod="ci-styleflow-api-76f8d9c5b-x2x4z"';
  const TWIN = 'installation="video/ci", pod="ci-styleflow-api-76f8d9c5b-7m2lp"';
  const STAGING = 'installation="staging/ci", pod="ci-styleflow-api-5c9d-abcde"';
  const SECOND = 'installation="video/second", pod="second-styleflow-api-5c9d-abcde"';
  const busy = (/** @type {string} */ installation, /** @type {string} */ pod) =>
    `styleflow_worker_busy_ratio{job="styleflow-gpu-worker", installation="${installation}", pod="${pod}"}`;
  const depth = (/** @type {string} */ labels, /** @type {string} */ queue, /** @type {string} */ state) =>
    `styleflow_queue_depth{job="styleflow-api", ${labels}, queue="${queue}", state="${state}"}`;
  const oldest = (/** @type {string} */ labels, /** @type {string} */ queue) =>
    `styleflow_queue_oldest_seconds{job="styleflow-api", ${labels}, queue="${queue}"}`;
  const SCORE = 'score.0123456789ab';

  it('is answered for its own installation and pool alone, each entry once, by Prometheus itself', () => {
    const series = {
      [depth(API, SCORE, 'waiting')]: 40,
      [depth(TWIN, SCORE, 'waiting')]: 40,
      [depth(API, SCORE, 'delayed')]: 2,
      [depth(API, SCORE, 'active')]: 24,
      [depth(API, 'prepare', 'waiting')]: 9_000,
      [oldest(API, SCORE)]: 31,
      [oldest(TWIN, SCORE)]: 30,
      [busy('video/ci', 'ci-styleflow-gpu-main-6d4cf56db6-abcde')]: 1,
      [busy('video/ci', 'ci-styleflow-gpu-main-6d4cf56db6-fghij')]: 1,
      // A worker that warms up.
      'up{job="styleflow-gpu-worker", installation="video/ci", pod="ci-styleflow-gpu-main-6d4cf56db6-start"}': 1,
      // Workers of another pool, another release and another namespace.
      [busy('video/ci', 'ci-styleflow-gpu-main-2-6d4cf56db6-abcde')]: 1,
      [depth(SECOND, SCORE, 'waiting')]: 700,
      [oldest(SECOND, SCORE)]: 700,
      [depth(STAGING, SCORE, 'waiting')]: 800,
      [depth(STAGING, SCORE, 'active')]: 800,
      [oldest(STAGING, SCORE)]: 800,
      [busy('staging/ci', 'ci-styleflow-gpu-main-6d4cf56db6-abcde')]: 1,
    };
    expect(answers(series, { waiting: 42, active: 24, oldest: 31, workers: 2 })).toBe('');
  });

  it('is absent while the queues are not measured, all of it, so that the workers there are stay', () => {
    const series = {
      [busy('video/ci', 'ci-styleflow-gpu-main-6d4cf56db6-abcde')]: 1,
      [depth(SECOND, SCORE, 'waiting')]: 7,
      [oldest(SECOND, SCORE)]: 7,
    };
    expect(answers(series, {})).toBe('');
    expect(scaler.fallback).toEqual({ failureThreshold: 3, replicas: 1, behavior: 'currentReplicasIfHigher' });
  });

  /**
   * Has Prometheus's own engine answer each trigger's query; a trigger that is not expected has no answer.
   * @param {Readonly<Record<string, number>>} series
   * @param {Readonly<Record<string, number>>} expected
   * @returns {string} what promtool has to say against it
   */
  function answers(series, expected) {
    const folder = mkdtempSync(join(tmpdir(), 'scaling-rule-'));
    try {
      const triggers = scaler.triggers.map((/** @type {any} */ { name, metadata }) => ({
        expr: metadata.query,
        eval_time: '0m',
        exp_samples: name in expected ? [{ labels: '{}', value: expected[name] }] : [],
      }));
      const input = Object.entries(series).map(([name, value]) => ({ series: name, values: String(value) }));
      const file = join(folder, 'queries.yml');
      // JSON is YAML.
      writeFileSync(file, JSON.stringify({ tests: [{ input_series: input, promql_expr_test: triggers }] }));
      const { ok, stdout, stderr } = runTool(promtool, ['test', 'rules', file]);
      return ok ? '' : stdout + stderr;
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
});
