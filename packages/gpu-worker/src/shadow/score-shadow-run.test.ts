import { JobError, mintJobId } from '@styleflow/contracts';
import type { JobRecord, ShadowRun } from '@styleflow/queue';
import { createLogger, NO_SPAN } from '@styleflow/runtime';
import { clipKey } from '@styleflow/storage';
import { describe, expect, it } from 'vitest';
import { type ShadowPorts, scoreShadowRun } from './score-shadow-run.js';

const RUN: ShadowRun = { job: mintJobId(), run: 1, bundle: 'a'.repeat(12) };
const SIGNAL = new AbortController().signal;

interface Stage {
  readonly isLast?: boolean;
  readonly isBuried?: boolean;
  readonly isKnown?: boolean;
  /** Whether this worker cannot read the record any more. */
  readonly isArchived?: boolean;
}

/** A run with the pixels of three clips; what was done with them. */
function stage(changes: Partial<ShadowPorts> & Stage = {}) {
  const { isLast = true, isBuried = false, isKnown = true, isArchived = false, ...others } = changes;
  const done: string[] = [];
  const note = async <T>(what: string, answer: T): Promise<T> => {
    done.push(what);
    return answer;
  };
  const at = new Date(0);
  const ports: ShadowPorts = {
    records: {
      isBuried: async () => isBuried,
      read: async () => (isKnown && !isArchived ? ({ id: RUN.job } as JobRecord) : null),
      standing: async () => (isArchived ? { id: RUN.job, run: 1, status: 'succeeded', finishedAt: null } : null),
    },
    shadows: { renew: async () => true, noteScored: () => note('noted', isLast) },
    store: {
      async *list() {
        for (const clip of [0, 1, 2]) yield { key: clipKey(RUN.job, 1, 0, clip), bytes: 1, modifiedAt: at };
        yield { key: `${clipKey(RUN.job, 1, 0, 0)}.json`, bytes: 1, modifiedAt: at };
      },
      delete: (keys) => note(`delete ${keys.length}`, undefined),
      deletePrefix: () => note('pixels deleted', 3),
    },
    scorer: {
      load: ({ clip, bundle }, { isShadows = false } = {}) =>
        note(`load ${clip} ${bundle}`, { handle: clip, since: 0, span: NO_SPAN, isShadows }),
      discard: async () => undefined,
    },
    batcher: { submit: ({ handle, isShadows }) => note(`score ${handle}${isShadows ? '' : ' for a client'}`, null) },
    gate: { isIdle: async () => true, atOnce: () => 1 },
    logger: createLogger('test', 'silent'),
    ...others,
  };
  return { done, ports };
}

describe('a run that is scored for a shadow', () => {
  it('has each clip scored under the name of the bundle, then the pixels go', async () => {
    const { done, ports } = stage();
    expect(await scoreShadowRun(ports, RUN, SIGNAL)).toBe('ended');
    const each = [0, 1, 2].flatMap((clip) => [`load ${clip} ${RUN.bundle}`, `score ${clip}`]);
    expect(done).toEqual([...each, 'noted', 'pixels deleted']);
  });

  it('leaves the pixels to other shadows, and scores nothing twice', async () => {
    const { done, ports } = stage({
      isLast: false,
      scorer: { load: async () => null, discard: async () => undefined },
    });
    await scoreShadowRun(ports, RUN, SIGNAL);
    expect(done).toEqual(['noted']);
  });

  it('is left to another worker when clients keep this one busy, with what was scored', async () => {
    let looks = 0;
    const { done, ports } = stage({ gate: { isIdle: async () => ++looks === 1, atOnce: () => 1 } });
    expect(await scoreShadowRun(ports, RUN, SIGNAL, 0)).toBe('busy');
    expect(done).toEqual([`load 0 ${RUN.bundle}`, 'score 0']);
  });

  it('waits before each clip until no client does, and stops when it is not wanted any more', async () => {
    let looks = 0;
    let renewals = 0;
    const { done, ports } = stage({
      gate: { isIdle: async () => ++looks > 1, atOnce: () => 1 },
      shadows: { renew: async () => ++renewals < 4, noteScored: async () => true },
    });
    await scoreShadowRun(ports, RUN, SIGNAL);
    // Two looks before the first clip, one before the second; then it is over.
    expect(done.filter((what) => what.startsWith('score'))).toEqual(['score 0', 'score 1']);
    expect(done).not.toContain('pixels deleted');
  });

  it('passes over a clip that cannot be scored, but gives the run back where the store is away', async () => {
    const lost = new JobError('inference_failed', 'no pixels', { retryable: false });
    const away = new JobError('storage_unavailable', 'away');
    const failing = (error: JobError) =>
      stage({ scorer: { load: () => Promise.reject(error), discard: async () => undefined } });
    const passed = failing(lost);
    await scoreShadowRun(passed.ports, RUN, SIGNAL);
    expect(passed.done).toEqual(['noted', 'pixels deleted']);
    const given = failing(away);
    await expect(scoreShadowRun(given.ports, RUN, SIGNAL)).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(given.done).toEqual([]);
  });

  it('deletes what it wrote for a job that was deleted meanwhile', async () => {
    const { done, ports } = stage({ isBuried: true });
    await scoreShadowRun(ports, RUN, SIGNAL);
    expect(done.filter((what) => what === 'delete 2')).toHaveLength(3);
  });

  it('keeps the scores of an item whose record has gone to the archive', async () => {
    const { done, ports } = stage({ isArchived: true });
    await scoreShadowRun(ports, RUN, SIGNAL);
    expect(done.filter((what) => what.startsWith('delete'))).toEqual([]);
    expect(done).toContain('noted');
  });

  it('deletes the scores that it wrote for an item whose batch was deleted meanwhile, when it ends and when it stops', async () => {
    const whole = stage({ isKnown: false });
    await scoreShadowRun(whole.ports, RUN, SIGNAL);
    expect(whole.done.filter((what) => what === 'delete 1')).toHaveLength(3);
    let renewals = 0;
    const shadows = { renew: async () => ++renewals < 3, noteScored: async () => true };
    const stopped = stage({ isKnown: false, shadows });
    await scoreShadowRun(stopped.ports, RUN, SIGNAL);
    expect(stopped.done.filter((what) => what === 'delete 1')).toHaveLength(2);
  });
});
