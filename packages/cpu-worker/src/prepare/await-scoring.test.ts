import { JobError, mintJobId } from '@styleflow/contracts';
import type { JobRecords } from '@styleflow/queue';
import { describe, expect, it } from 'vitest';
import { sampleRecord } from '../sample-job.js';
import { awaitScoring } from './await-scoring.js';

/** Answers how many looks it took. `counted`: clips counted at each look, the last one for ever. */
async function looksUntilReturn(
  planned: number,
  counted: readonly number[],
  failed = 0,
  abortAfter = Infinity,
  pixelsAClip = 1,
) {
  const abort = new AbortController();
  let looks = 0;
  const record = sampleRecord();
  const ports = {
    records: {
      read: async () => {
        const clipsScored = counted[Math.min(looks, counted.length - 1)] ?? 0;
        looks += 1;
        if (looks === abortAfter) abort.abort();
        return { ...record, progress: { ...record.progress, clipsScored } };
      },
    } as Partial<JobRecords> as JobRecords,
    changes: { waitForChange: async () => (failed > 0 ? null : ('scoring' as const)) },
    queue: {
      childFailures: async () => ({
        prepare: null,
        clips: Array.from({ length: failed }, (_, clip) => ({
          track: 0,
          clip,
          bundle: '0123456789ab',
          error: new JobError('internal', 'lost'),
        })),
      }),
    },
  };
  await awaitScoring(ports, { job: mintJobId(), run: 1 }, planned, abort.signal, pixelsAClip);
  return looks;
}

describe('awaitScoring', () => {
  it('does not even look while 64 clips or fewer are planned', async () => {
    expect(await looksUntilReturn(64, [0])).toBe(0);
  });

  it('counts the re-encodings of a clip, which lie in the store beside it', async () => {
    expect(await looksUntilReturn(21, [0], 0, Infinity, 3)).toBe(0);
    expect(await looksUntilReturn(22, [0, 1], 0, Infinity, 3)).toBe(2);
  });

  it('returns at the look that shows 64 unscored clips, not at 65', async () => {
    expect(await looksUntilReturn(100, [0, 35, 36])).toBe(3);
    expect(await looksUntilReturn(65, [1])).toBe(1);
  });

  it('counts clips that no worker will ever count, because each was lost with its worker', async () => {
    expect(await looksUntilReturn(70, [2], 4)).toBe(1);
  });

  it('returns when the work is given up', async () => {
    expect(await looksUntilReturn(100, [0], 0, 3)).toBe(3);
  });
});
