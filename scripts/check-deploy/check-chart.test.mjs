// @module-tag deploy-tools
import { beforeAll, describe, expect, it } from 'vitest';
import { installDeployTools } from '../set-up/deploy-tools.mjs';
import { ROOT } from '../set-up/root.mjs';
import { findBrokenPromises, findLooseEnds, findWrongValues, typedManifests } from './check-chart.mjs';
import { checkQueries } from './check-monitoring.mjs';
import { findWrongSettings, readKnownSettings } from './check-settings.mjs';
import { readKnownMetrics } from './known-metrics.mjs';
import { podOf, readChartEnvironments, readScalingQueries } from './read-chart.mjs';
import { renderChart } from './render-chart.mjs';
import { CHART, GPU, HELPERS, makeCheckout, rename } from './test-checkout.mjs';
import { checkTypes } from './typed-documents.mjs';

/** @typedef {import('./render-chart.mjs').Manifest} Manifest */

/** @type {import('../set-up/deploy-tools.mjs').DeployTools} */
let tools;
/** The chart as it is. @type {readonly Manifest[]} */
let manifests;
/** @type {ReadonlyMap<string, import('./check-settings.mjs').ProcessSettings>} */
let settings;
const { root, replace } = makeCheckout();

beforeAll(async () => {
  tools = await installDeployTools();
  settings = await readKnownSettings(ROOT);
  const rendered = await renderChart(tools, root);
  expect(rendered.findings).toEqual([]);
  manifests = rendered.manifests;
});

const POOL = 'Deployment/sf-gpu-main';
const SCALER = 'ScaledObject/sf-cpu-worker';

/** A copy of one manifest. @param {string} name @returns {Manifest} */
function copyOf(name) {
  const found = manifests.find((each) => each.name.endsWith(`: ${name}`));
  expect(found, name).toBeDefined();
  return structuredClone(/** @type {Manifest} */ (found));
}

/** @param {any} json */
const podSpec = (json) => podOf(json).spec;
/** @param {any} json */
const container = (json) => podSpec(json).containers[0];

const rendering = async () => (await renderChart(tools, root)).findings;
const chartSettings = async () =>
  findWrongSettings(readChartEnvironments((await renderChart(tools, root)).manifests), settings);
const scaling = async () => {
  const queries = readScalingQueries((await renderChart(tools, root)).manifests);
  return (await checkQueries(tools, queries, await readKnownMetrics(root))).findings;
};

describe("the check of the chart's text", () => {
  // biome-ignore format: a table, one row a line
  it.each(/** @type {ReadonlyArray<readonly [string, () => Promise<string[]>, string, string, string, RegExp]>} */ ([
    ['a value of the wrong kind', rendering, `${CHART}/ci/sentinel.yaml`, 'maxBatch: 8', 'maxBatch: many', /maxBatch/],
    ['a value that the chart does not know', rendering, `${CHART}/ci/sentinel.yaml`, 'runtimeClassName: nvidia', 'runtimeClass: nvidia', /runtimeClass/],
    ['a template that does not parse', rendering, GPU, '{{- if $shared.autoscaling.enabled }}', '{{- if $shared.autoscaling.enabled ', /helm template/],
    ['a chart that would pull images from nowhere in particular', rendering, `${CHART}/ci/sentinel.yaml`, 'registry: registry.example.org/styleflow, ', '', /image.registry: where the three images/],
    ['a setting that no process reads', chartSettings, GPU, 'STYLEFLOW_TF32', 'STYLEFLOW_TF23', /reads no STYLEFLOW_TF23/],
    ['a sampler that the code does not know', chartSettings, `${CHART}/templates/configmap.yaml`, 'OTEL_TRACES_SAMPLER: {{ .sampler }}', 'OTEL_TRACES_SAMPLER: ratio', /OTEL_TRACES_SAMPLER: allowed/],
    ['an address of Redis that the code does not parse', chartSettings, HELPERS, '"-sentinel"', '"sentinel"', /STYLEFLOW_REDIS_URL/],
    ['a scaler that asks for a metric nobody has', scaling, HELPERS, 'styleflow_queue_oldest_seconds', 'styleflow_queue_age', /no process exports styleflow_queue_age/],
    ['a scaler whose query does not parse', scaling, HELPERS, 'sum(max by (queue, state)', 'sum((max by (queue, state)', /parse error/],
  ]))('refuses %s', async (_, check, path, from, to, expected) => {
    replace(path, from, to);
    expect((await check()).join('\n')).toMatch(expected);
  });
});

describe('the check of what the chart renders', () => {
  // biome-ignore format: a table, one row a line
  it.each(/** @type {ReadonlyArray<readonly [string, string, (json: any) => void, RegExp]>} */ ([
    ['a pod on any card', POOL, (json) => { podSpec(json).affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].key = 'kubernetes.io/arch'; }, /any card/],
    ['a pod without a card', POOL, (json) => { container(json).resources.limits['nvidia.com/gpu'] = 0; }, /one card is not asked for/],
    ['a pod that is killed too early', POOL, (json) => { podSpec(json).terminationGracePeriodSeconds = 45; }, /killed before/],
    ['a pod that may write everywhere', POOL, (json) => { container(json).securityContext.readOnlyRootFilesystem = false; }, /can be written/],
    ['a pod that may gain privileges', 'Deployment/sf-cpu-worker', (json) => { container(json).securityContext.allowPrivilegeEscalation = true; }, /privileges can be gained/],
    ['an image that floats', 'Deployment/sf-api', (json) => { container(json).image = 'registry.example.org/styleflow/api:latest'; }, /styleflow\/api:latest .*floats/],
  ]))('refuses %s', (_, name, spoil, expected) => {
    const manifest = copyOf(name);
    expect(findBrokenPromises(manifest)).toEqual([]);
    spoil(manifest.json);
    expect(findBrokenPromises(manifest).join('\n')).toMatch(expected);
  });

  it('refuses a scaler without its target', () => {
    const scaler = copyOf(SCALER);
    scaler.json.spec.scaleTargetRef.name = 'nobody';
    const all = [...manifests.filter(({ name }) => name !== scaler.name), scaler];
    expect(findLooseEnds(all).join('\n')).toMatch(/nobody, which is not there/);
    expect(findLooseEnds(manifests)).toEqual([]);
  });
});

/** @type {ReadonlyArray<readonly [string, string, (json: any) => void, RegExp]>} */
// biome-ignore format: a table, one row a line
const MISTYPED = [
  ['a key that Kubernetes does not know', POOL, (json) => rename(podSpec(json), 'terminationGracePeriodSeconds', 'terminationGraceSeconds'), /terminationGraceSeconds/],
  ['a value that Kubernetes does not take', POOL, (json) => { json.spec.strategy.rollingUpdate.maxUnavailable = [1]; }, /maxUnavailable/],
  ['a key that KEDA does not know', SCALER, (json) => rename(json.spec, 'cooldownPeriod', 'coolDown'), /coolDown/],
  ['a number that KEDA wants as one', SCALER, (json) => { json.spec.minReplicaCount = 'few'; }, /minReplicaCount/],
  ['a key that the Prometheus operator does not know', 'PodMonitor/sf-api', (json) => rename(json.spec, 'podMetricsEndpoints', 'endpoints'), /endpoints/],
];

describe('the check of manifests by their schemas and types', () => {
  /** @type {Map<string, string>} what was found of each, with one run of the compiler for all */
  const found = new Map();
  beforeAll(async () => {
    const spoiled = MISTYPED.map(([title, name, spoil]) => {
      const manifest = { ...copyOf(name), name: title };
      spoil(manifest.json);
      return manifest;
    });
    const findings = [...(await findWrongValues(tools, spoiled)), ...checkTypes(tools, root, typedManifests(spoiled))];
    for (const [title] of MISTYPED)
      found.set(title, findings.filter((finding) => finding.startsWith(`${title}: `)).join('\n'));
  });

  it.each(MISTYPED)('refuses %s', (title, _, __, expected) => expect(found.get(title)).toMatch(expected));
});
