import { digest12, mintJobId, type PreparePayload, type ScorePayload } from '@styleflow/contracts';
import { describe, expect, it } from 'vitest';
import { sampleRecord } from '../sample-job.js';
import { type PlanPorts, planClip } from './plan-clips.js';

const { bundle, options } = sampleRecord();
const other = { id: 'other@fedcba987654', digest: 'fedcba987654'.padEnd(64, '0') };

/** Which entries a clip gets, and in whose queue. */
async function entriesOf(bundles: PreparePayload['bundles'], isShadowed: boolean) {
  const entries: [ScorePayload, string][] = [];
  const ports = {
    queue: {
      addScore: async (payload: ScorePayload, digest: string) => void entries.push([payload, digest12(digest)]),
    },
    records: { read: async () => null },
  } as unknown as PlanPorts;
  const payload: PreparePayload = { v: bundles ? 3 : 2, job: mintJobId(), run: 1, options, bundle, bundles };
  await planClip(ports, payload, { track: 0, clip: 1, isScored: false, isShadowed });
  return entries;
}

describe('the entries of a clip that shadows want', () => {
  it('are those of its bundles alone, and say that its pixels stay', async () => {
    const single = await entriesOf(undefined, true);
    expect(single).toMatchObject([[{ v: 2, shadowed: true }, digest12(bundle.digest)]]);
    const several = await entriesOf([bundle, other], true);
    expect(several.map(([payload, queue]) => [payload.shadowed, queue])).toEqual([
      [true, digest12(bundle.digest)],
      [true, digest12(other.digest)],
    ]);
  });

  it('say nothing of shadows where none wants it', async () => {
    expect((await entriesOf(undefined, false))[0]?.[0]).not.toHaveProperty('shadowed');
  });
});
