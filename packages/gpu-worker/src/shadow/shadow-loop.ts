import { setTimeout as pause } from 'node:timers/promises';
import type { JobRun } from '@styleflow/contracts';
import type { ShadowRuns } from '@styleflow/queue';
import { type ShadowPorts, scoreShadowRun } from './score-shadow-run.js';

/** How often is looked for a run where there was none, or clients were there: a Redis call or three. */
const LOOK_MS = 2_000;
/** After a failure, so that what is away is not asked all the time. */
const REST_MS = 10_000;
/** What handing a run back may take at the end. Otherwise its lease ends by itself. */
const LAST_WORDS_MS = 2_000;

export interface ShadowLoopPorts extends Omit<ShadowPorts, 'shadows'> {
  readonly shadows: Pick<ShadowRuns, 'take' | 'renew' | 'handBack' | 'noteScored'>;
  /** This worker's, by 12 digits of its digest. */
  readonly bundle: string;
}

export interface ShadowLoop {
  /** Gives up what it does, within two seconds, and hands it back. */
  stop(): Promise<void>;
}

/**
 * Scores runs for which this worker's bundle is a shadow, one after the other, while no client waits (`IdleGate`). These are no entries
 * of a queue: nothing counts them, and nobody waits for them. Where the bundle is no shadow there never is one.
 */
export function startShadowLoop(ports: ShadowLoopPorts): ShadowLoop {
  const abort = new AbortController();
  const loop = turn(ports, abort.signal);
  return {
    async stop() {
      abort.abort();
      await Promise.race([loop, pause(LAST_WORDS_MS, undefined, { ref: false })]);
    },
  };
}

async function turn(ports: ShadowLoopPorts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const restMs = await scoreNext(ports, signal).catch((error: unknown) => {
      if (!signal.aborted) ports.logger.warn({ err: error }, 'scoring for shadows rests');
      return REST_MS;
    });
    if (restMs > 0) await pause(restMs, undefined, { signal }).catch(() => undefined);
  }
}

/** One run, or a part of it; answers how long to rest. */
async function scoreNext(ports: ShadowLoopPorts, signal: AbortSignal): Promise<number> {
  const { shadows, gate, bundle } = ports;
  if (!(await gate.isIdle())) return LOOK_MS;
  const run: JobRun | null = await shadows.take(bundle);
  if (run === null) return LOOK_MS;
  try {
    if ((await scoreShadowRun(ports, { ...run, bundle }, signal)) === 'ended') return 0;
    await shadows.handBack({ ...run, bundle });
    return LOOK_MS;
  } catch (error) {
    await shadows.handBack({ ...run, bundle }).catch(() => undefined);
    throw error;
  }
}
