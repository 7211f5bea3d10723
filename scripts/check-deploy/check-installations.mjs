import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alertsOf, readDashboards } from './check-monitoring.mjs';
import { aggregationsOf, selectorsOf } from './read-query.mjs';

/** @typedef {import('../set-up/deploy-tools.mjs').DeployTools} DeployTools */
/** @typedef {import('./render-chart.mjs').Manifest} Manifest */
/** @typedef {import('./read-query.mjs').Selector} Selector */

/** Figures about the whole system, which every API process reports alike. They do not depend on the chosen process. */
const OF_THE_SYSTEM = /^styleflow_(queue_\w+|workers|dependency_up|redis_\w+)$/;

/**
 * One Prometheus may watch several installations. So every scrape says in the label `installation` whose figures it
 * brings, and every query selects by that label.
 * @param {DeployTools} tools
 * @param {string} root
 * @param {readonly Manifest[]} manifests of the chart
 * @returns {Promise<import('./run-tool.mjs').Outcome>}
 */
export async function checkInstallations({ load }, root, manifests) {
  const { parser } = await load('@prometheus-io/lezer-promql');
  const { parse } = await load('yaml');
  const read = (/** @type {string} */ name) =>
    parse(readFileSync(join(root, 'deploy/monitoring', name), 'utf8'), { merge: true });
  const findings = [
    ...readDashboards(root).flatMap(({ name, json }) => findMixedPanels(name, json, parser)),
    ...findMixedAlerts(alertsOf(read('alerts.yml')), read('alerts.test.yml').tests, parser),
    ...read('prometheus.yml')
      .scrape_configs.filter((/** @type {any} */ { relabel_configs: rules }) => installationOf(rules) === null)
      .map((/** @type {any} */ { job_name: job }) => `prometheus.yml: ${job} is not told whose figures it scrapes`),
    ...[...new Set(manifests.map(({ values }) => values))].flatMap((values) =>
      findForeignFigures(
        manifests.filter((each) => each.values === values),
        parser,
      ),
    ),
  ];
  return { tool: 'own rules', checked: 'scrapes, panels, alerts and scalers keep to one', findings };
}

/**
 * @param {string} name
 * @param {any} json a dashboard
 * @param {any} parser
 */
function findMixedPanels(name, json, parser) {
  const variables = new Map(json.templating.list.map((/** @type {any} */ each) => [each.name, each]));
  const findings = ['datasource', 'installation']
    .filter((wanted) => !variables.has(wanted))
    .map((wanted) => `${name}: there is no variable ${wanted}`);
  const hasInstance = variables.has('instance');
  const instances = variables.get('instance')?.query.query ?? 'installation="$installation"';
  if (!instances.includes('installation="$installation"')) findings.push(`${name}: it offers processes of others`);
  for (const { title, targets } of json.panels) {
    for (const selector of targets.flatMap((/** @type {any} */ { expr }) => selectorsOf(expr, parser))) {
      if (!has(selector, 'installation="$installation"'))
        findings.push(`${name}: ${title}: ${selector.metric} of all installations`);
      if (hasInstance && !OF_THE_SYSTEM.test(selector.metric) && !has(selector, 'instance=~"$instance"'))
        findings.push(`${name}: ${title}: ${selector.metric} of all processes`);
    }
  }
  return findings;
}

/**
 * @param {readonly any[]} alerts
 * @param {readonly any[]} tests of the rules
 * @param {any} parser
 */
function findMixedAlerts(alerts, tests, parser) {
  /** @type {string[]} */
  const findings = [];
  const expected = tests.flatMap((test) => test.alert_rule_test ?? []);
  for (const { alert, expr, annotations } of alerts) {
    for (const selector of selectorsOf(expr, parser)) {
      if (!has(selector, 'installation=~".*"'))
        findings.push(`${alert}: the chart cannot tie ${selector.metric} to its installation`);
    }
    for (const { text, labels } of aggregationsOf(expr, parser)) {
      if (!labels.includes('installation')) findings.push(`${alert}: it mixes installations: ${text}`);
    }
    if (!annotations.summary.includes('$labels.installation'))
      findings.push(`${alert}: its summary does not say whose`);
    const fired = expected
      .filter(({ alertname }) => alertname === alert)
      .flatMap(({ exp_alerts: all }) => all ?? [])
      .some(({ exp_labels: labels }) => labels.installation !== undefined);
    if (!fired) findings.push(`${alert}: no test in which it fires for one of two installations`);
  }
  return findings;
}

/**
 * What one rendering of the chart scrapes, watches and scales by is all its own.
 * @param {readonly Manifest[]} manifests
 * @param {any} parser
 */
function findForeignFigures(manifests, parser) {
  /** @type {Map<string | null, string>} name → where it stands */
  const names = new Map();
  const note = (/** @type {string | null} */ own, /** @type {string} */ where) => names.set(own, where);
  for (const { name, json } of manifests) {
    if (json.kind === 'PodMonitor') {
      for (const { relabelings } of json.spec.podMetricsEndpoints) note(installationOf(relabelings), name);
    }
    const queries =
      json.kind === 'PrometheusRule'
        ? alertsOf(json.spec).map((/** @type {any} */ { expr }) => expr)
        : json.kind === 'ScaledObject'
          ? json.spec.triggers.map((/** @type {any} */ { metadata }) => metadata.query)
          : [];
    for (const { matchers } of queries.flatMap((/** @type {string} */ query) => selectorsOf(query, parser))) {
      const own = matchers.map((/** @type {string} */ each) => /^installation="(.+)"$/.exec(each)?.[1] ?? null);
      note(own.find((/** @type {string | null} */ each) => each !== null) ?? null, name);
    }
  }
  return names.size <= 1 && !names.has(null)
    ? []
    : [...names].map(([own, where]) => `${where}: figures of ${own ?? 'all installations'}`);
}

/** @param {Selector} selector @param {string} matcher */
const has = ({ matchers }, matcher) => matchers.includes(matcher);

/**
 * The name that relabelling gives, by Prometheus's or its operator's spelling.
 * @param {any} rules
 * @returns {string | null}
 */
const installationOf = (rules) =>
  (rules ?? []).find((/** @type {any} */ rule) => (rule.target_label ?? rule.targetLabel) === 'installation')
    ?.replacement ?? null;
