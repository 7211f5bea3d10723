/**
 * What a query of Prometheus asks for, by Prometheus's own grammar.
 * @typedef {{ metric: string, matchers: string[], labels: string[], keptBy: string[] }} Selector
 *   `metric` '' when it names none; `matchers` as written without spaces; `labels` that it matches by; `keptBy`: the labels
 *   that aggregations around it keep
 */

/**
 * @param {string} query
 * @param {any} parser of @prometheus-io/lezer-promql
 * @returns {Selector[]}
 */
export function selectorsOf(query, parser) {
  /** @type {Selector[]} */
  const selectors = [];
  const text = (/** @type {any} */ part) => query.slice(part.from, part.to);
  /** @param {any} node @returns {string[]} */
  const keptBy = (node) =>
    node === null ? [] : [...(node.name === 'AggregateExpr' ? groupingOf(node, text) : []), ...keptBy(node.parent)];
  parser.parse(query).iterate({
    enter: (/** @type {any} */ { name, node }) => {
      if (name !== 'VectorSelector') return;
      const identifier = node.getChild('Identifier');
      const matchers = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
      selectors.push({
        metric: identifier === null ? '' : text(identifier),
        matchers: matchers.map((/** @type {any} */ matcher) => text(matcher).replace(/\s*(=~|!~|!=|=)\s*/, '$1')),
        labels: matchers.map((/** @type {any} */ matcher) => text(matcher.getChild('LabelName'))),
        keptBy: keptBy(node),
      });
    },
  });
  return selectors;
}

/**
 * The aggregations of a query, each with the labels that it keeps.
 * @param {string} query
 * @param {any} parser of @prometheus-io/lezer-promql
 * @returns {Array<{ text: string, labels: string[] }>}
 */
export function aggregationsOf(query, parser) {
  /** @type {Array<{ text: string, labels: string[] }>} */
  const aggregations = [];
  const text = (/** @type {any} */ part) => query.slice(part.from, part.to);
  parser.parse(query).iterate({
    enter: (/** @type {any} */ { name, node }) => {
      if (name === 'AggregateExpr') aggregations.push({ text: text(node), labels: groupingOf(node, text) });
    },
  });
  return aggregations;
}

/**
 * @param {any} node of an aggregation
 * @param {(part: any) => string} text
 * @returns {string[]}
 */
function groupingOf(node, text) {
  const modifier = node.getChild('AggregateModifier');
  if (!modifier?.getChild('By')) return [];
  return modifier.getChild('GroupingLabels').getChildren('LabelName').map(text);
}
