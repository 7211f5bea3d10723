// @module-tag deploy-tools
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { installDeployTools } from '../set-up/deploy-tools.mjs';
import { ROOT } from '../set-up/root.mjs';
import { checkChart } from './check-chart.mjs';
import { checkCompose, namesInExample, readComposeEnvironments } from './check-compose.mjs';
import { checkDeploy } from './check-deploy.mjs';
import { checkDockerfiles } from './check-dockerfiles.mjs';
import { checkFaultCodes } from './check-fault-codes.mjs';
import { checkInstallations } from './check-installations.mjs';
import { checkDashboards, checkPrometheus, checkQueries, checkRunBooks, readQueries } from './check-monitoring.mjs';
import { checkScripts } from './check-scripts.mjs';
import {
  findSettingsOutOfReach,
  findUnknownNamesInGuide,
  findUnlistedSettings,
  findWrongSettings,
  readImageEnvironments,
  readKnownSettings,
} from './check-settings.mjs';
import { readKnownMetrics } from './known-metrics.mjs';
import { readChartEnvironments, readScalingQueries } from './read-chart.mjs';
import { renderChart } from './render-chart.mjs';

/** @type {import('../set-up/deploy-tools.mjs').DeployTools} */
let tools;
let root = '';
/** @type {ReadonlyMap<string, import('./check-settings.mjs').ProcessSettings>} */
let settings;

/** Copies what the checks read, so that it can be broken, and links what they only look up. */
beforeAll(async () => {
  tools = await installDeployTools();
  settings = await readKnownSettings(ROOT);
  root = mkdtempSync(join(tmpdir(), 'deploy-'));
  for (const name of ['packages', 'node_modules', 'scripts']) symlinkSync(join(ROOT, name), join(root, name));
});
beforeEach(() => {
  for (const name of ['deploy', 'docs', '.ci', 'docker-compose.yml']) {
    rmSync(join(root, name), { recursive: true, force: true });
    cpSync(join(ROOT, name), join(root, name), { recursive: true, verbatimSymlinks: true });
  }
  // One set of values is enough to see that a broken manifest is refused.
  for (const values of readdirSync(join(root, CHART, 'ci'))) {
    if (values !== 'sentinel.yaml') rmSync(join(root, CHART, 'ci', values));
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const CHART = 'deploy/kubernetes/styleflow';

/**
 * @param {string} path
 * @param {string | RegExp} from must be there
 * @param {string} to
 */
function replace(path, from, to) {
  const text = readFileSync(join(root, path), 'utf8');
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  writeFileSync(join(root, path), changed);
}

const compose = async () => (await checkCompose(tools, root)).findings;
const composeSettings = async () =>
  findWrongSettings(readComposeEnvironments((await checkCompose(tools, root)).config), settings);
const outOfReach = async () => {
  const services = readComposeEnvironments((await checkCompose(tools, root)).config);
  return findSettingsOutOfReach(services, settings, namesInExample(root));
};
const dockerfiles = async () => (await checkDockerfiles(tools, root)).findings;
const imageSettings = async () => findWrongSettings(await readImageEnvironments(tools, root), settings);
const chart = async () => (await checkChart(tools, root)).findings;
const chartSettings = async () =>
  findWrongSettings(readChartEnvironments((await checkChart(tools, root)).manifests), settings);
const scaling = async () => {
  const queries = readScalingQueries((await checkChart(tools, root)).manifests);
  return (await checkQueries(tools, queries, await readKnownMetrics(root))).findings;
};
const prometheus = () => checkPrometheus(tools, root).findings;
const runBooks = async () => (await checkRunBooks(tools, root)).findings;
const faultCodes = async () => (await checkFaultCodes(tools, root)).findings;
const dashboards = async () => (await checkDashboards(tools, root)).findings;
const queries = async () =>
  (await checkQueries(tools, await readQueries(tools, root), await readKnownMetrics(root))).findings;
const installations = async () =>
  (await checkInstallations(tools, root, (await renderChart(tools, root)).manifests)).findings;
const scripts = () => checkScripts(tools, root).findings;
const guide = () => findUnknownNamesInGuide(root, settings, []);

const COMPOSE = 'docker-compose.yml';
const DOCKERFILE = 'deploy/docker/api.Dockerfile';
const ALERTS = 'deploy/monitoring/alerts.yml';
const DASHBOARD = 'deploy/monitoring/dashboards/queues.json';
const GPU = `${CHART}/templates/gpu-worker.yaml`;
const HELPERS = `${CHART}/templates/_helpers.tpl`;

/** @typedef {() => string[] | Promise<string[]>} Check */
/** @type {ReadonlyArray<readonly [string, Check, string, string | RegExp, string, RegExp]>} */
// biome-ignore format: a table, one row a line
const BROKEN = [
  ['a key that no service has', compose, COMPOSE, 'stop_grace_period: 60s', 'stop_grace_time: 60s', /stop_grace_time/],
  ['a service that waits for one that is not there', compose, COMPOSE, 's3: { condition: service_healthy }', 's4: { condition: service_healthy }', /s4/],
  ['an image without a version', compose, COMPOSE, 'grafana/grafana:12.1.1', 'grafana/grafana', /no tag with a version/],
  ['a card that two workers have', compose, COMPOSE, 'device_ids: ["1"]', 'device_ids: ["0"]', /card 0 is/],
  ['a service that is killed too early', compose, COMPOSE, 'STYLEFLOW_SHUTDOWN_GRACE_SECONDS: "45"', 'STYLEFLOW_SHUTDOWN_GRACE_SECONDS: "55"', /leaves no time/],
  ['a port that is open to everyone', compose, COMPOSE, 'STYLEFLOW_PUBLISH:-127.0.0.1:8000}', 'STYLEFLOW_ELSEWHERE:-8000}', /open to everyone|does not explain/],
  ['a variable that .env.example lacks', compose, 'deploy/.env.example', 'GRAFANA_PUBLISH=', '# ', /does not explain GRAFANA_PUBLISH/],
  ['a setting that no process reads', composeSettings, COMPOSE, 'STYLEFLOW_S3_FORCE_PATH_STYLE', 'STYLEFLOW_S3_PATH_STYLE', /reads no STYLEFLOW_S3_PATH_STYLE/],
  ['a setting with a wrong value', composeSettings, COMPOSE, 'STYLEFLOW_PORT: "8000"', 'STYLEFLOW_PORT: "http"', /STYLEFLOW_PORT/],
  ['a setting that nobody can turn', outOfReach, COMPOSE, 'STYLEFLOW_MAX_FACES: ', 'LC_ALL: ', /nobody can set STYLEFLOW_MAX_FACES of cpu-worker/],
  ['an instruction that Docker does not know', dockerfiles, DOCKERFILE, 'EXPOSE', 'EXPOSED', /Unknown instruction/],
  ['an image that runs as root', dockerfiles, DOCKERFILE, 'USER 10001:10001\n', '', /USER must be/],
  ['a base without a version', dockerfiles, DOCKERFILE, 'FROM node:20.20.2-bookworm-slim\n', 'FROM node:latest\n', /no tag with a version/],
  ['a first stage that differs', dockerfiles, DOCKERFILE, 'RUN pnpm fetch', 'RUN pnpm fetch --prod', /stage `workspace`/],
  ['a mistake in the shell of a RUN', dockerfiles, DOCKERFILE, 'rm -rf /var/lib/apt/lists/*', 'rm -rf $NOWHERE/lists/*', /SC2086/],
  ['an image without an init process', dockerfiles, DOCKERFILE, '["tini", "--", "node"', '["node"', /must start tini/],
  ['an image setting that its process does not read', imageSettings, DOCKERFILE, 'STYLEFLOW_ADMIN_HOST=', 'STYLEFLOW_ADMINHOST=', /reads no STYLEFLOW_ADMINHOST/],
  ['a value of the wrong kind', chart, `${CHART}/ci/sentinel.yaml`, 'maxBatch: 8', 'maxBatch: many', /maxBatch/],
  ['a value that the chart does not know', chart, `${CHART}/ci/sentinel.yaml`, 'runtimeClassName: nvidia', 'runtimeClass: nvidia', /runtimeClass/],
  ['a template that does not parse', chart, GPU, '{{- if $shared.autoscaling.enabled }}', '{{- if $shared.autoscaling.enabled ', /helm template/],
  ['a key that Kubernetes does not know', chart, GPU, 'terminationGracePeriodSeconds:', 'terminationGraceSeconds:', /terminationGraceSeconds/],
  ['a value that Kubernetes does not take', chart, GPU, 'maxUnavailable: 25%, maxSurge: 0', 'maxUnavailable: [1], maxSurge: 0', /maxUnavailable/],
  ['a key that KEDA does not know', chart, HELPERS, 'cooldownPeriod:', 'coolDown:', /coolDown/],
  ['a number that KEDA wants as one', chart, HELPERS, 'minReplicaCount: {{ .scaling.min }}', 'minReplicaCount: "few"', /minReplicaCount/],
  ['a key that the Prometheus operator does not know', chart, `${CHART}/templates/monitoring.yaml`, 'podMetricsEndpoints:', 'endpoints:', /endpoints/],
  ['a pod on any card', chart, GPU, 'key: nvidia.com/gpu.product', 'key: kubernetes.io/arch', /any card/],
  ['a pod without a card', chart, GPU, 'nvidia.com/gpu: 1', 'nvidia.com/gpu: 0', /one card is not asked for/],
  ['a pod that is killed too early', chart, GPU, 'add (int $shared.shutdownGraceSeconds) 15', 'sub (int $shared.shutdownGraceSeconds) 15', /killed before/],
  ['a pod that may write everywhere', chart, HELPERS, 'readOnlyRootFilesystem: true', 'readOnlyRootFilesystem: false', /can be written/],
  ['a chart that would pull images from nowhere in particular', chart, `${CHART}/ci/sentinel.yaml`, 'registry: registry.example.org/styleflow, ', '', /image.registry: where the three images/],
  ['a scaler without its target', chart, HELPERS, 'scaleTargetRef: { name: {{ .target }} }', 'scaleTargetRef: { name: nobody }', /nobody, which is not there/],
  ['a chart setting that no process reads', chartSettings, GPU, 'STYLEFLOW_TF32', 'STYLEFLOW_TF23', /reads no STYLEFLOW_TF23/],
  ['a sampler that the code does not know', chartSettings, `${CHART}/templates/configmap.yaml`, 'OTEL_TRACES_SAMPLER: {{ .sampler }}', 'OTEL_TRACES_SAMPLER: ratio', /OTEL_TRACES_SAMPLER: allowed/],
  ['an address of Redis that the code does not parse', chartSettings, HELPERS, '"-sentinel"', '"sentinel"', /STYLEFLOW_REDIS_URL/],
  ['a scaler that asks for a metric nobody has', scaling, HELPERS, 'styleflow_queue_oldest_seconds', 'styleflow_queue_age', /no process exports styleflow_queue_age/],
  ['a scaler whose query does not parse', scaling, HELPERS, 'sum(max by (queue, state)', 'sum((max by (queue, state)', /parse error/],
  ['an alert whose query does not parse', prometheus, ALERTS, 'job=~"styleflow-.+"} == 0', 'job=~"styleflow-.+"} = 0', /parse|unexpected/],
  ['an alert that does not fire', prometheus, ALERTS, '> 900', '> 90000', /StyleFlowQueueOld/],
  ['an alert that fires on a healthy system', prometheus, ALERTS, '> 0.95', '> 0.5', /StyleFlowGpuMemoryFull/],
  ['a key that Prometheus does not know', prometheus, 'deploy/monitoring/prometheus.yml', 'scrape_interval', 'scrape_every', /scrape_every/],
  ['an alert without its run-book', runBooks, ALERTS, 'runbooks/queue-old.md', 'runbooks/queue-odd.md', /there is no .*queue-odd/],
  ['a run-book about another alert', runBooks, 'deploy/monitoring/runbooks/queue-old.md', '# StyleFlowQueueOld', '# StyleFlowQueue', /is not about/],
  ['an alert without a test', runBooks, ALERTS, 'alert: StyleFlowRestarts', 'alert: StyleFlowRestart', /no test in which it fires/],
  ['an alert that overlooks a code of our faults', faultCodes, ALERTS, 'code=~"internal|inference_failed|', 'code=~"internal|', /StyleFlowJobsFail: lacks inference_failed, which is our fault/],
  ['an alert that takes a damaged video for our fault', faultCodes, ALERTS, 'code=~"internal|', 'code=~"media_corrupt|internal|', /StyleFlowJobsFail: names media_corrupt/],
  ['a dashboard that overlooks a code of our faults', faultCodes, 'deploy/monitoring/dashboards/jobs.json', 'storage_unavailable|', '', /jobs.json: .*: lacks storage_unavailable/],
  ['a run-book that is silent on a code of our faults', faultCodes, 'deploy/monitoring/runbooks/jobs-fail.md', '`storage_unavailable`, ', '', /jobs-fail.md: lacks storage_unavailable/],
  ['a dashboard with a key that Grafana does not know', dashboards, DASHBOARD, '"gridPos"', '"position"', /gridPos|position/],
  ['a dashboard with a value that Grafana does not take', dashboards, DASHBOARD, '"graphTooltip": 1', '"graphTooltip": "shared"', /graphTooltip/],
  ['a panel that asks for a metric nobody has', queries, DASHBOARD, 'styleflow_queue_depth', 'styleflow_queue_length', /no process exports styleflow_queue_length/],
  ['a panel that asks by a label that its metric has not', queries, DASHBOARD, 'state=', 'status=', /has no label status/],
  ['a panel that groups by a label that its metric has not', queries, DASHBOARD, 'max by (queue)', 'max by (queues)', /styleflow_queue_depth has no label queues/],
  ['a panel whose query does not parse', queries, DASHBOARD, 'max by (queue) (', 'max by queue (', /parse error|unexpected/],
  ['a panel that mixes installations', installations, DASHBOARD, 'installation=\\"$installation\\"', 'job=\\"styleflow-api\\"', /queues.json: Waiting: styleflow_queue_depth of all installations/],
  ['a panel that shows all processes, whichever is chosen', installations, 'deploy/monitoring/dashboards/gpus.json', ', instance=~\\"$instance\\"', '', /gpus.json: Load of each card: styleflow_gpu_utilization_ratio of all processes/],
  ['a dashboard without a choice of the installation', installations, DASHBOARD, '"name": "installation"', '"name": "place"', /queues.json: there is no variable installation/],
  ['an alert that adds up installations', installations, ALERTS, 'sum by (installation, stage, code)', 'sum by (stage, code)', /StyleFlowRetriesHigh: it mixes installations/],
  ['an alert that the chart cannot tie to its installation', installations, ALERTS, 'styleflow_retries_total{installation=~".*"}', 'styleflow_retries_total', /StyleFlowRetriesHigh: the chart cannot tie|figures of all installations/],
  ['an alert that does not say whose it is', installations, ALERTS, '{{ with $labels.installation }}{{ . }}: {{ end }}No API process answers', 'No API process answers', /StyleFlowApiDown: its summary/],
  ['an alert that is not tested beside a healthy installation', installations, ALERTS, 'alert: StyleFlowRestarts', 'alert: StyleFlowRestart', /StyleFlowRestart: no test in which it fires for one of two/],
  ['a scrape that does not say whose figures it brings', installations, 'deploy/monitoring/prometheus.yml', 'relabel_configs: *installation', 'relabel_configs: []', /prometheus.yml: styleflow-cpu-worker is not told/],
  ['a monitor that gives another name than its scalers ask for', installations, `${CHART}/templates/monitoring.yaml`, 'replacement: {{ include "styleflow.installation" $root }}', 'replacement: {{ $root.Release.Name }}', /figures of ci$/m],
  ['a scaler that looks at all installations', installations, HELPERS, 'printf "queue%s, installation=%q" .queues (include "styleflow.installation" $root)', 'printf "queue%s" .queues', /figures of all installations/],
  ['a mistake in a shell script', scripts, '.ci/run', 'exit "$status"', 'exit $status $nothing', /SC2086/],
  ['a guide that names a setting nobody reads', guide, 'deploy/monitoring/runbooks/queue-old.md', 'STYLEFLOW_LOCK_SECONDS', 'STYLEFLOW_LOCK_TIME', /nobody reads STYLEFLOW_LOCK_TIME/],
  ['a guide that names a variable of OpenTelemetry nobody reads', guide, 'docs/operations/monitoring.md', 'OTEL_TRACES_SAMPLER=', 'OTEL_TRACE_SAMPLER=', /nobody reads OTEL_TRACE_SAMPLER/],
];

describe('the check of what is deployed', () => {
  it.each(BROKEN)('refuses %s', async (_, check, path, from, to, expected) => {
    replace(path, from, to);
    expect((await check()).join('\n')).toMatch(expected);
  });

  it('tells in one round all that a new setting lacks, for every process that reads it', () => {
    const reader = { names: new Set(['STYLEFLOW_NEW']), parse: () => undefined };
    const known = new Map([
      ['api', reader],
      ['cpu-worker', reader],
    ]);
    const service = { process: 'api', where: 'docker-compose.yml: api', env: { STYLEFLOW_NEW: '1' } };
    expect(findSettingsOutOfReach([], known, new Set())).toEqual([
      'docker-compose.yml: nobody can set STYLEFLOW_NEW of api',
      'deploy/.env.example does not explain STYLEFLOW_NEW',
      'docker-compose.yml: nobody can set STYLEFLOW_NEW of cpu-worker',
    ]);
    expect(findSettingsOutOfReach([service], known, new Set(['STYLEFLOW_NEW']))).toEqual([
      'docker-compose.yml: nobody can set STYLEFLOW_NEW of cpu-worker',
    ]);
  });

  it('tells of a setting that the list of all settings lacks', async () => {
    const known = new Map([
      ['api', { names: new Set(['STYLEFLOW_NEW', 'STYLEFLOW_PORT', 'AWS_REGION']), parse: () => undefined }],
    ]);
    expect(await findUnlistedSettings(ROOT, known)).toEqual([
      'packages/runtime/src/every-setting.ts does not list STYLEFLOW_NEW',
    ]);
  });

  it('accepts what is there', async () => {
    /** @type {string[]} */
    const lines = [];
    const exitCode = await checkDeploy(tools, root, { isCi: true, print: (line) => lines.push(line) });
    expect(lines.filter((line) => !line.startsWith('ok'))).toEqual([]);
    expect(lines).toHaveLength(11);
    expect(exitCode).toBe(0);
  });

  it('skips what its program is missing for, with the reason, and fails for it on CI alone', async () => {
    const without = { ...tools, programs: { ...tools.programs }, missing: { helm: 'not for this machine' } };
    delete without.programs.helm;
    for (const isCi of [false, true]) {
      /** @type {string[]} */
      const lines = [];
      const exitCode = await checkDeploy(without, root, { isCi, print: (line) => lines.push(line) });
      expect(lines).toContain(`${isCi ? 'FAILED' : 'skipped'}  Helm chart: no helm (not for this machine)`);
      expect(exitCode).toBe(isCi ? 1 : 0);
    }
  });
});
