// @module-tag deploy-tools
import { beforeAll, describe, expect, it } from 'vitest';
import { installDeployTools } from '../set-up/deploy-tools.mjs';
import { ROOT } from '../set-up/root.mjs';
import { checkFaultCodes } from './check-fault-codes.mjs';
import { checkInstallations } from './check-installations.mjs';
import {
  checkQueries,
  checkRunBooks,
  judgeConfiguration,
  judgeRules,
  judgeTests,
  readDashboards,
  readQueries,
  typedDashboards,
} from './check-monitoring.mjs';
import { findUnknownNamesInGuide, readKnownSettings } from './check-settings.mjs';
import { readKnownMetrics } from './known-metrics.mjs';
import { renderChart } from './render-chart.mjs';
import { ALERTS, CHART, DASHBOARD, HELPERS, makeCheckout } from './test-checkout.mjs';
import { checkTypes } from './typed-documents.mjs';

/** @type {import('../set-up/deploy-tools.mjs').DeployTools} */
let tools;
/** @type {ReadonlyMap<string, import('./check-settings.mjs').ProcessSettings>} */
let settings;
/** The chart as it is. @type {readonly import('./render-chart.mjs').Manifest[]} */
let manifests;
const { root, replace } = makeCheckout();

beforeAll(async () => {
  tools = await installDeployTools();
  settings = await readKnownSettings(ROOT);
  manifests = (await renderChart(tools, root)).manifests;
});

/** @param {import('./check-monitoring.mjs').Judge} judge */
const prometheus = (judge) => () => judge(tools.programs.promtool ?? '', root).findings;
const configuration = prometheus(judgeConfiguration);
const rules = prometheus(judgeRules);
const tests = prometheus(judgeTests);
const runBooks = async () => (await checkRunBooks(tools, root)).findings;
const faultCodes = async () => (await checkFaultCodes(tools, root)).findings;
const queries = async () =>
  (await checkQueries(tools, await readQueries(tools, root), await readKnownMetrics(root))).findings;
const installations = async () => (await checkInstallations(tools, root, manifests)).findings;
const chartInstallations = async () =>
  (await checkInstallations(tools, root, (await renderChart(tools, root)).manifests)).findings;
const guide = async () => findUnknownNamesInGuide(root, settings, []);

/** @typedef {() => string[] | Promise<string[]>} Check */
/** @type {ReadonlyArray<readonly [string, Check, string, string | RegExp, string, RegExp]>} */
// biome-ignore format: a table, one row a line
const BROKEN = [
  ['an alert whose query does not parse', rules, ALERTS, 'job=~"styleflow-.+"} == 0', 'job=~"styleflow-.+"} = 0', /parse|unexpected/],
  ['an alert that does not fire', tests, ALERTS, '> 900', '> 90000', /StyleFlowQueueOld/],
  ['an alert that fires on a healthy system', tests, ALERTS, '> 0.95', '> 0.5', /StyleFlowGpuMemoryFull/],
  ['a key that Prometheus does not know', configuration, 'deploy/monitoring/prometheus.yml', 'scrape_interval', 'scrape_every', /scrape_every/],
  ['an alert without its run-book', runBooks, ALERTS, 'runbooks/queue-old.md', 'runbooks/queue-odd.md', /there is no .*queue-odd/],
  ['a run-book about another alert', runBooks, 'deploy/monitoring/runbooks/queue-old.md', '# StyleFlowQueueOld', '# StyleFlowQueue', /is not about/],
  ['an alert without a test', runBooks, ALERTS, 'alert: StyleFlowRestarts', 'alert: StyleFlowRestart', /no test in which it fires/],
  ['an alert that overlooks a code of our faults', faultCodes, ALERTS, 'code=~"internal|inference_failed|', 'code=~"internal|', /StyleFlowJobsFail: lacks inference_failed, which is our fault/],
  ['an alert that takes a damaged video for our fault', faultCodes, ALERTS, 'code=~"internal|', 'code=~"media_corrupt|internal|', /StyleFlowJobsFail: names media_corrupt/],
  ['a dashboard that overlooks a code of our faults', faultCodes, 'deploy/monitoring/dashboards/jobs.json', 'storage_unavailable|', '', /jobs.json: .*: lacks storage_unavailable/],
  ['a run-book that is silent on a code of our faults', faultCodes, 'deploy/monitoring/runbooks/jobs-fail.md', '`storage_unavailable`, ', '', /jobs-fail.md: lacks storage_unavailable/],
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
  ['a monitor that gives another name than its scalers ask for', chartInstallations, `${CHART}/templates/monitoring.yaml`, 'replacement: {{ include "styleflow.installation" $root }}', 'replacement: {{ $root.Release.Name }}', /figures of ci$/m],
  ['a scaler that looks at all installations', chartInstallations, HELPERS, 'printf "queue%s, installation=%q" .queues (include "styleflow.installation" $root)', 'printf "queue%s" .queues', /figures of all installations/],
  ['a guide that names a setting nobody reads', guide, 'deploy/monitoring/runbooks/queue-old.md', 'STYLEFLOW_LOCK_SECONDS', 'STYLEFLOW_LOCK_TIME', /nobody reads STYLEFLOW_LOCK_TIME/],
  ['a guide that names a variable of OpenTelemetry nobody reads', guide, 'docs/operations/monitoring.md', 'OTEL_TRACES_SAMPLER=', 'OTEL_TRACE_SAMPLER=', /nobody reads OTEL_TRACE_SAMPLER/],
];

describe('the check of what watches', () => {
  it.each(BROKEN)('refuses %s', async (_, check, path, from, to, expected) => {
    replace(path, from, to);
    expect((await check()).join('\n')).toMatch(expected);
  });

  it('refuses dashboards with what Grafana does not know', () => {
    const spoil = (/** @type {string} */ title, /** @type {string} */ from, /** @type {string} */ to) => {
      const text = JSON.stringify(readDashboards(root).find(({ name }) => name === 'queues.json')?.json);
      expect(text).toContain(from);
      return { name: title, json: JSON.parse(text.replace(from, to)) };
    };
    const findings = checkTypes(
      tools,
      root,
      typedDashboards([
        spoil('a key', '"gridPos"', '"position"'),
        spoil('a value', '"graphTooltip":1', '"graphTooltip":"shared"'),
      ]),
    );
    expect(findings.filter((each) => each.startsWith('a key: ')).join('\n')).toMatch(/gridPos|position/);
    expect(findings.filter((each) => each.startsWith('a value: ')).join('\n')).toMatch(/graphTooltip/);
  });
});
