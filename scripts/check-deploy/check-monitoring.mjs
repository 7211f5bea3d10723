import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { findUnknownMetrics } from './known-metrics.mjs';
import { linesOf, runTool } from './run-tool.mjs';
import { checkTypes } from './typed-documents.mjs';

/** @typedef {import('../set-up/deploy-tools.mjs').DeployTools} DeployTools */
/** @typedef {import('./run-tool.mjs').Outcome} Outcome */
/** @typedef {{ where: string, expr: string }} Query */

/**
 * Prometheus's own judgement of its configuration, the alert rules, and the rules' tests.
 * @param {DeployTools} tools
 * @param {string} root
 * @returns {Outcome}
 */
export function checkPrometheus({ programs }, root) {
  const promtool = programs.promtool ?? '';
  const judged = [judgeConfiguration, judgeRules, judgeTests].map((judge) => judge(promtool, root));
  const rules = [...(judged[1]?.stdout ?? '').matchAll(/(\d+) rules found/g)].reduce(
    (sum, [, n]) => sum + Number(n),
    0,
  );
  const findings = judged.flatMap((each) => each.findings);
  return { tool: promtoolVersion(promtool), checked: `configuration, ${rules} alert rules and their tests`, findings };
}

/** Those of the system, and those for whoever scores a golden set. */
const RULES = ['deploy/monitoring/alerts', 'deploy/monitoring/golden-set-alerts'];

/** @typedef {(promtool: string, root: string) => { stdout: string, findings: string[] }} Judge */

/** @type {Judge} */
export const judgeConfiguration = (promtool, root) =>
  judge(promtool, ['check', 'config', '--syntax-only', join(root, 'deploy/monitoring/prometheus.yml')]);

/** @type {Judge} */
export const judgeRules = (promtool, root) =>
  judge(promtool, ['check', 'rules', '--lint=all', '--lint-fatal', ...RULES.map((name) => join(root, `${name}.yml`))]);

/** The rules' own tests. @type {Judge} */
export const judgeTests = (promtool, root) =>
  judge(promtool, ['test', 'rules', ...RULES.map((name) => join(root, `${name}.test.yml`))]);

/** @param {string} promtool @param {string[]} args */
function judge(promtool, args) {
  const { ok, stdout, stderr } = runTool(promtool, args);
  return { stdout, findings: ok ? [] : [`promtool ${args.slice(0, 2).join(' ')}`, ...linesOf(stdout + stderr)] };
}

/**
 * Each alert has a run-book, a test in which it fires and one in which it is silent; no run-book is left over.
 * @param {DeployTools} tools
 * @param {string} root
 * @returns {Promise<Outcome>}
 */
export async function checkRunBooks({ load }, root) {
  const { parse } = await load('yaml');
  const folder = join(root, 'deploy/monitoring');
  const read = (/** @type {string} */ name) => parse(readFileSync(join(folder, name), 'utf8'), { merge: true });
  const alerts = alertsOf(read('alerts.yml'));
  const tests = read('alerts.test.yml').tests.flatMap((/** @type {any} */ test) => test.alert_rule_test ?? []);
  /** @type {string[]} */
  const findings = [];
  const linked = new Set(['README.md']);
  for (const { alert, annotations = {} } of alerts) {
    const link = annotations.runbook_url ?? '';
    linked.add(basename(link));
    if (!link.startsWith('deploy/monitoring/runbooks/'))
      findings.push(`${alert}: runbook_url names no run-book: ${link}`);
    else if (!existsSync(join(root, link))) findings.push(`${alert}: there is no ${link}`);
    else if (!readFileSync(join(root, link), 'utf8').startsWith(`# ${alert}\n`))
      findings.push(`${link} is not about ${alert}`);
    const own = tests.filter((/** @type {any} */ { alertname }) => alertname === alert);
    if (!own.some((/** @type {any} */ { exp_alerts }) => exp_alerts?.length > 0))
      findings.push(`${alert}: no test in which it fires`);
    if (!own.some((/** @type {any} */ { exp_alerts }) => exp_alerts?.length === 0))
      findings.push(`${alert}: no test in which it is silent`);
  }
  for (const name of readdirSync(join(folder, 'runbooks'))) {
    if (!linked.has(name)) findings.push(`no alert links to runbooks/${name}`);
  }
  return { tool: 'own rules', checked: `${alerts.length} alerts with run-books and tests`, findings };
}

/** @param {any} rules */
export const alertsOf = (rules) =>
  rules.groups.flatMap((/** @type {any} */ group) => group.rules).filter((/** @type {any} */ rule) => rule.alert);

/**
 * The dashboards as Grafana loads them: JSON of Grafana's own dashboard type, provisioned, without clashes.
 * @param {DeployTools} tools
 * @param {string} root
 * @returns {Promise<Outcome>}
 */
export async function checkDashboards(tools, root) {
  const dashboards = readDashboards(root);
  /** @type {string[]} */
  const findings = [];
  const uids = dashboards.map(({ json }) => json.uid);
  for (const { name, json } of dashboards) {
    const ids = json.panels.map((/** @type {any} */ { id }) => id);
    if (new Set(ids).size !== ids.length) findings.push(`${name}: two panels have one id`);
    if (uids.filter((uid) => uid === json.uid).length > 1) findings.push(`${name}: another dashboard has its uid`);
    for (const { title, targets, datasource, gridPos } of json.panels) {
      if (!targets?.length) findings.push(`${name}: ${title} asks for nothing`);
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's own variable.
      if (datasource?.uid !== '${datasource}') findings.push(`${name}: ${title} is tied to one data source`);
      if (gridPos?.x + gridPos?.w > 24) findings.push(`${name}: ${title} stands beyond the right edge`);
    }
  }
  findings.push(...checkTypes(tools, root, typedDashboards(dashboards)));
  const panels = dashboards.reduce((sum, { json }) => sum + json.panels.length, 0);
  const version = JSON.parse(
    readFileSync(join(tools.folder, 'node_modules/@grafana/schema/package.json'), 'utf8'),
  ).version;
  return {
    tool: `types of @grafana/schema ${version}`,
    checked: `${dashboards.length} dashboards, ${panels} panels`,
    findings,
  };
}

/**
 * Dashboards with Grafana's own type, for `checkTypes`.
 * @param {ReadonlyArray<{ name: string, json: any }>} dashboards
 */
export const typedDashboards = (dashboards) =>
  dashboards.map(({ name, json }) => ({ name, type: 'Dashboard', module: '@grafana/schema', json }));

/** @param {string} root */
export function readDashboards(root) {
  const folder = join(root, 'deploy/monitoring/dashboards');
  return readdirSync(folder).map((name) => ({ name, json: JSON.parse(readFileSync(join(folder, name), 'utf8')) }));
}

/**
 * The queries of dashboards and alert rules.
 * @param {DeployTools} tools
 * @param {string} root
 * @returns {Promise<Query[]>}
 */
export async function readQueries({ load }, root) {
  const { parse } = await load('yaml');
  const panels = readDashboards(root).flatMap(({ name, json }) =>
    json.panels.flatMap((/** @type {any} */ { title, targets = [] }) =>
      targets.map((/** @type {any} */ { expr }) => ({
        where: `${name}: ${title}`,
        expr: expr.replaceAll('$__rate_interval', '5m'),
      })),
    ),
  );
  const rules = alertsOf(parse(readFileSync(join(root, 'deploy/monitoring/alerts.yml'), 'utf8')));
  return [...panels, ...rules.map((/** @type {any} */ { alert, expr }) => ({ where: alert, expr }))];
}

/**
 * Every query parses and asks for what a process exports.
 * @param {DeployTools} tools
 * @param {readonly Query[]} queries
 * @param {import('./known-metrics.mjs').KnownMetrics} known
 * @returns {Promise<Outcome>}
 */
export async function checkQueries({ programs, load }, queries, known) {
  const { parser } = await load('@prometheus-io/lezer-promql');
  const findings = queries.flatMap(({ where, expr }) =>
    findUnknownMetrics(expr, known, parser).map((sentence) => `${where}: ${sentence}`),
  );
  const promtool = programs.promtool ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'queries-'));
  try {
    // As recording rules: promtool's `check` then parses each with Prometheus's own parser. JSON is YAML.
    const rules = queries.map(({ expr }, index) => ({ record: `query:${index}`, expr }));
    const path = join(folder, 'queries.yml');
    writeFileSync(path, JSON.stringify({ groups: [{ name: 'queries', rules }] }));
    const { ok, stdout, stderr } = runTool(promtool, ['check', 'rules', '--lint=none', path]);
    if (!ok) {
      const named = (stdout + stderr).replace(/query:(\d+)/g, (_, index) => queries[Number(index)]?.where ?? index);
      findings.push(...linesOf(named));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return {
    tool: promtoolVersion(promtool),
    checked: `${queries.length} queries, against the metrics that the code exports`,
    findings,
  };
}

/** @param {string} promtool */
function promtoolVersion(promtool) {
  const { stdout, stderr } = runTool(promtool, ['--version']);
  return /^promtool, version (\S+)/.exec(stdout + stderr)?.[0].replace(', version', '') ?? 'promtool';
}
