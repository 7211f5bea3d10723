import { openSession } from '@styleflow/inference';
import { graphInput } from './graph-input.js';

/** One graph, run with as many clips (or, for pSp, pictures) at once. */
export interface TimedGraph {
  readonly name: string;
  readonly path: string;
  readonly input: 'clips' | 'frames' | 'images' | 'tokens';
  readonly batch: number;
  /** Runs that make one measurement. */
  readonly repeats?: number;
  readonly optimisation?: 'all' | 'extended' | 'none';
}

/** Seconds of each measurement, by the graph's name. */
export type GraphTimes = Readonly<Record<string, readonly number[]>>;

/**
 * Loads all graphs it is told, warms each up, and runs them in turn, so that whatever else the machine does meets all alike.
 * Tells its parent the times and leaves.
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
