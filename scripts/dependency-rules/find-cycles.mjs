/**
 * Cycles of a graph, each once: the strongly connected components of more than one node, and nodes that name
 * themselves (Tarjan 1972).
 * @param {ReadonlyMap<string, ReadonlyArray<string>>} graph node → its targets
 * @returns {string[][]} the members of each, sorted
 */
export function findCycles(graph) {
  /** @type {Map<string, number>} */
  const order = new Map();
  /** @type {string[]} */
  const open = [];
  /** @type {string[][]} */
  const cycles = [];

  /** @param {string} node */
  const visit = (node) => {
    order.set(node, order.size);
    let lowest = order.get(node) ?? 0;
    open.push(node);
    for (const target of graph.get(node) ?? []) {
      if (!order.has(target)) lowest = Math.min(lowest, visit(target));
      else if (open.includes(target)) lowest = Math.min(lowest, order.get(target) ?? 0);
    }
    if (lowest === order.get(node)) {
      const members = open.splice(open.indexOf(node));
      const isCycle = members.length > 1 || (graph.get(node) ?? []).includes(node);
      if (isCycle) cycles.push(members.sort());
    }
    return lowest;
  };

  for (const node of graph.keys()) if (!order.has(node)) visit(node);
  return cycles;
}
