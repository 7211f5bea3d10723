import { openSession } from '@styleflow/inference';
import { graphInput } from './graph-input.js';

/** One graph, and how many clips (for pSp, pictures) it runs at once. */
export interface TimedGraph {
  readonly name: string;
  readonly path: string;
  readonly input: 'clips' | 'frames' | 'images' | 'tokens';
  readonly batch: number;
  /** How many runs make one measurement. */
  readonly repeats?: number;
  readonly optimisation?: 'all' | 'extended' | 'none';
}

/** Seconds of each measurement, by the graph's name. */
export type GraphTimes = Readonly<Record<string, readonly number[]>>;

/**
 * Loads all graphs, warms each up, and runs them in turn, so that other load of the machine affects all alike. Reports
 * the times to its parent and ends.
 */
const [, , graphs = '[]', rounds = '3'] = process.argv;
const open = [];
for (const graph of JSON.parse(graphs) as TimedGraph[]) {
  const { path, input, batch, optimisation = 'all' } = graph;
  const session = await openSession(path, { providers: ['cpu'], optimisation });
  open.push({ ...graph, session, feeds: { [input]: graphInput(input, batch) } });
}
const times = new Map(open.map(({ name }): [string, number[]] => [name, []]));
for (let round = 0; round <= Number(rounds); round++) {
  for (const { name, session, feeds, repeats = 1 } of open) {
    const startedAt = performance.now();
    for (let run = 0; run < repeats; run++) await session.run(feeds);
    if (round > 0) times.get(name)?.push((performance.now() - startedAt) / 1000);
  }
}
process.send?.(Object.fromEntries(times));
process.disconnect();
