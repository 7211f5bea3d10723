import { dirname, join } from 'node:path';
import type { Logger } from '@styleflow/runtime';
import { type GraphCache, SAVED_GRAPH, SAVED_WEIGHTS } from '../graph-cache/graph-cache.js';
import type { ScoreThreadStart } from '../score-thread/score-messages.js';
import { type ClipScorer, openClipScorer } from './clip-scorer.js';

export interface KeptScorer {
  readonly scorer: ClipScorer;
  /** To be called once the worker serves: keeps the graph for the next start. Never throws. */
  keep(): Promise<void>;
}

/**
 * Opens the scorer on the graph that an earlier start has kept, else on the bundle's own, which the runtime rewrites and
 * saves meanwhile. The cache is a help alone: where it fails, the scorer opens without it.
 */
export async function openKeptScorer(
  start: ScoreThreadStart,
  cache: GraphCache | null,
  logger: Logger,
): Promise<KeptScorer> {
  if (cache === null) return { scorer: await openClipScorer(start), keep: async () => {} };
  const kept = await cache.find();
  if (kept) {
    try {
      const session = { ...start.session, optimisation: 'none' as const };
      const { graphPath, clipSeconds } = kept;
      const scorer = await openClipScorer({ ...start, graphPath, session, provenClipSeconds: clipSeconds });
      return { scorer, keep: async () => {} };
    } catch (err) {
      logger.warn({ err, graph: dirname(kept.graphPath) }, 'a kept graph cannot be used and is made anew');
      await cache.forget();
    }
  }
  return openAndSave(start, cache, logger);
}

async function openAndSave(start: ScoreThreadStart, cache: GraphCache, logger: Logger): Promise<KeptScorer> {
  const warn = (err: unknown): void => logger.warn({ err }, 'the graph is not kept for the next start');
  const saved = await cache.begin().catch(warn);
  if (saved === undefined) return { scorer: await openClipScorer(start), keep: async () => {} };
  const optimisedTo = { path: join(saved, SAVED_GRAPH), weightsFile: SAVED_WEIGHTS };
  let scorer: ClipScorer;
  try {
    scorer = await openClipScorer({ ...start, session: { ...start.session, optimisedTo } });
  } catch (err) {
    // Where the disk is full it opens without saving; what else is wrong is said by this second try.
    warn(err);
    await cache.drop(saved).catch(warn);
    return { scorer: await openClipScorer(start), keep: async () => {} };
  }
  const [first] = scorer.facts.warmUp;
  const keep = (): Promise<void> => (first ? cache.keep(saved, first.seconds) : cache.drop(saved)).catch(warn);
  return { scorer, keep };
}
