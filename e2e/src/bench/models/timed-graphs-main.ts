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

/** One measurement. On a machine that others use, too, the processor's seconds are the ones to compare. */
export interface GraphTime {
  readonly seconds: number;
  readonly processorSeconds: number;
}

/** The measurements by the graph's name. */
export type GraphTimes = Readonly<Record<string, readonly GraphTime[]>>;

/**
 * Loads all graphs, warms each up, and runs them in turn, so that other load of the machine affects all alike. Reports
 * the times to its parent and ends.
 */
const [, , graphs = '[]', rounds = '3', threads = '0'] = process.argv;
const open = [];
for (const graph of JSON.parse(graphs) as TimedGraph[]) {
  const { path, input, batch, optimisation = 'all' } = graph;
  const session = await openSession(path, { providers: ['cpu'], optimisation, threads: Number(threads) });
  open.push({ ...graph, session, feeds: { [input]: graphInput(input, batch) } });
}
const times = new Map(open.map(({ name }): [string, GraphTime[]] => [name, []]));
for (let round = 0; round <= Number(rounds); round++) {
  for (const { name, session, feeds, repeats = 1 } of open) {
    const startedAt = performance.now();
    const usedBefore = process.cpuUsage();
    for (let run = 0; run < repeats; run++) await session.run(feeds);
    const { user, system } = process.cpuUsage(usedBefore);
    const seconds = (performance.now() - startedAt) / 1000;
    if (round > 0) times.get(name)?.push({ seconds, processorSeconds: (user + system) / 1e6 });
  }
}
process.send?.(Object.fromEntries(times));
process.disconnect();
