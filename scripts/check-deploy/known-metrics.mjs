import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { selectorsOf } from './read-query.mjs';

/** Labels that the scrape puts on everything, by Prometheus itself or by our relabelling. */
const SCRAPE_LABELS = ['installation', 'job', 'instance', 'namespace', 'pod'];

/**
 * Metric → its labels, null where the code does not list them: what a process really exports, with the samples that a
 * histogram is shown as, and Prometheus's own `up`.
 * @typedef {ReadonlyMap<string, ReadonlySet<string> | null>} KnownMetrics
 */

/**
 * Reads the names off the page that the built processes serve, and the labels off the source.
 * @param {string} root of the repository, built
 * @returns {Promise<KnownMetrics>}
 */
export async function readKnownMetrics(root) {
  const source = readFileSync(join(root, 'packages/runtime/src/metrics.ts'), 'utf8');
  /** @type {Map<string, string[]>} */
  const labels = new Map();
  for (const [, body = ''] of source.matchAll(/new (?:Counter|Gauge|Histogram)\(\{([^}]*)\}\)/g)) {
    const name = /name: '(\w+)'/.exec(body)?.[1] ?? '';
    labels.set(
      name,
      [...(/labelNames: \[([^\]]*)\]/.exec(body)?.[1] ?? '').matchAll(/'(\w+)'/g)].map(([, label = '']) => label),
    );
  }
  const { metrics } = await import(pathToFileURL(join(root, 'packages/runtime/dist/index.js')).href);
  const { body } = await metrics.page();
  /** @type {Map<string, ReadonlySet<string> | null>} */
  const known = new Map([['up', new Set(SCRAPE_LABELS)]]);
  for (const [, name, type] of body.matchAll(/^# TYPE (\w+) (\w+)$/gm)) {
    const own = labels.get(name);
    const all = own === undefined ? null : new Set([...own, ...SCRAPE_LABELS]);
    if (type !== 'histogram') known.set(name, all);
    else {
      for (const suffix of ['_bucket', '_sum', '_count']) {
        known.set(name + suffix, all === null ? null : new Set([...all, ...(suffix === '_bucket' ? ['le'] : [])]));
      }
    }
  }
  return known;
}

/**
 * Metrics and labels of a query that nobody exports. That the query is valid as a whole, promtool tells.
 * @param {string} query
 * @param {KnownMetrics} known
 * @param {any} parser of @prometheus-io/lezer-promql
 * @returns {string[]} sentences
 */
export function findUnknownMetrics(query, known, parser) {
  return selectorsOf(query, parser).flatMap(({ metric, labels, keptBy }) => {
    const exported = known.get(metric);
    if (exported === undefined) return [`no process exports ${metric || query}`];
    return [...new Set([...labels, ...keptBy])]
      .filter((label) => exported !== null && !exported.has(label))
      .map((label) => `${metric} has no label ${label}`);
  });
}
