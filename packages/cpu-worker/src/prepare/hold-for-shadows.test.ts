import { digest12, JobError } from '@styleflow/contracts';
import { describe, expect, it } from 'vitest';
import { sampleRecord } from '../sample-job.js';
import { quietLogger } from '../test-system.js';
import { holdForShadows } from './hold-for-shadows.js';

const [ONE, TWO] = ['one@111111111111', 'two@222222222222'];

/** Holds a run, and lists for which shadows and with how many clips. */
async function hold(bundles: readonly string[], { most = 10, record = sampleRecord(), isAway = false } = {}) {
  const asked: unknown[] = [];
  const shadows = {
    hold: async (_run: unknown, of: readonly string[]) => {
      asked.push(of);
      if (isAway) throw new JobError('queue_unavailable', 'away');
      return true;
    },
    keepClips: async (_run: unknown, clips: number) => {
      asked.push(clips);
      return clips <= most;
    },
  };
  const keeper = await holdForShadows({ shadows, logger: quietLogger }, { bundles, deadlineMs: 60_000 }, record);
  return { asked, keeper };
}

describe('the clips of a run', () => {
  it('stay for every shadow, as long as there is room', async () => {
    const { asked, keeper } = await hold([ONE, TWO], { most: 2 });
    expect([await keeper(1), await keeper(2), await keeper(3), await keeper(4)]).toEqual([true, true, false, false]);
    expect(asked).toEqual([['111111111111', '222222222222'], 1, 2, 3]);
  });

  it('stay for none where no shadow is set, or the one that is set judges the job anyhow', async () => {
    const record = sampleRecord();
    const own = `own@${digest12(record.bundle.digest)}`;
    for (const bundles of [[], [own]]) {
      const { asked, keeper } = await hold(bundles, { record });
      expect([await keeper(1), asked]).toEqual([false, []]);
    }
  });

  it('are scored without shadows where these cannot be told', async () => {
    const { keeper } = await hold([ONE], { isAway: true });
    expect(await keeper(1)).toBe(false);
  });
});
