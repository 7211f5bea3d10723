import type { WorkerFacts } from '@styleflow/contracts';
import { describe, expect, it } from 'vitest';
import { bundlesBeside, type OwnDevice } from './bundles-beside.js';

const OWN = 'a'.repeat(12);
const cardOf = (uuid: string): Pick<WorkerFacts, 'card' | 'provider'> => ({
  ...{ provider: 'cuda', card: { uuid, memoryBytes: 1, memoryUsedBytes: null, utilization: null } },
});

function workerOf(digest: string, changes: Partial<WorkerFacts>): WorkerFacts {
  const bundle = {
    id: `b@${digest}`,
    digest: digest.padEnd(64, '0'),
    variant: 'custom',
    trained: true,
    threshold: 0.5,
  };
  return {
    ...{ id: digest, kind: 'gpu-worker', version: '0.1.0', host: 'here', pid: 1, health: 'ready' },
    ...{ startedAt: '2026-01-01T00:00:00.000Z', provider: 'cpu', bundle },
    ...changes,
  };
}

describe('which bundles are served on the same device', () => {
  it('is told by the card, wherever the process runs', () => {
    const own: OwnDevice = { bundle: OWN, host: 'here', provider: 'cuda', card: 'GPU-1' };
    const workers = [
      workerOf(OWN, cardOf('GPU-1')),
      workerOf('b'.repeat(12), { ...cardOf('GPU-1'), host: 'container' }),
      workerOf('c'.repeat(12), cardOf('GPU-2')),
      workerOf('d'.repeat(12), {}),
    ];
    expect(bundlesBeside(workers, own)).toEqual(['b'.repeat(12)]);
  });

  it('is told by the host where both compute on the processor, and never of simulated devices', () => {
    const workers = [
      workerOf('b'.repeat(12), {}),
      workerOf('b'.repeat(12), {}),
      workerOf('c'.repeat(12), { host: 'there' }),
      workerOf('d'.repeat(12), { provider: 'simulated' }),
    ];
    const own = { bundle: OWN, host: 'here', card: null };
    expect(bundlesBeside(workers, { ...own, provider: 'cpu' })).toEqual(['b'.repeat(12)]);
    expect(bundlesBeside(workers, { ...own, provider: 'simulated' })).toEqual([]);
  });
});
