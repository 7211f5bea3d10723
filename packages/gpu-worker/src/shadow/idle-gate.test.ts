import type { WorkerFacts } from '@styleflow/contracts';
import { describe, expect, it } from 'vitest';
import { idleGate } from './idle-gate.js';

const [OWN, OTHER] = ['a'.repeat(12), 'b'.repeat(12)];
const NEIGHBOUR = {
  ...{ kind: 'gpu-worker', host: 'here', provider: 'cpu', health: 'ready' },
  bundle: { id: `b@${OTHER}`, digest: OTHER.padEnd(64, '0'), variant: 'custom', trained: true, threshold: 0.5 },
} as WorkerFacts;

/** A gate over what a test sets. */
function gateOf({ beside = false } = {}) {
  const state = { busy: 0, now: 0, loads: new Map<string, { waiting: number; held: number }>() };
  const gate = idleGate({
    queue: { scoreLoad: async (bundle) => state.loads.get(bundle) ?? { waiting: 0, held: 0 } },
    announcements: { workers: async () => (beside ? [NEIGHBOUR] : []) },
    own: { bundle: OWN, host: 'here', provider: 'cpu', card: null },
    busy: () => state.busy,
    maxBatch: 8,
    nowMs: () => state.now,
  });
  return { gate, state };
}

describe('a shadow may work', () => {
  it('while no client is with this worker or waits for it, whatever its other workers hold', async () => {
    const { gate, state } = gateOf();
    expect(await gate.isIdle()).toBe(true);
    state.loads.set(OWN, { waiting: 0, held: 5 });
    expect(await gate.isIdle()).toBe(true);
    state.loads.set(OWN, { waiting: 1, held: 0 });
    expect(await gate.isIdle()).toBe(false);
    state.loads.clear();
    state.busy = 1;
    expect(await gate.isIdle()).toBe(false);
  });

  it('while nothing waits or is scored for another bundle on its device', async () => {
    const { gate, state } = gateOf({ beside: true });
    expect(await gate.isIdle()).toBe(true);
    for (const load of [
      { waiting: 1, held: 0 },
      { waiting: 0, held: 1 },
    ]) {
      state.loads.set(OTHER, load);
      expect(await gate.isIdle()).toBe(false);
    }
  });

  it('with one clip at a time where a client may come, else with as many as fit', async () => {
    const alone = gateOf();
    await alone.gate.isIdle();
    expect(alone.gate.atOnce()).toBe(8);
    alone.gate.noteServed();
    expect(alone.gate.atOnce()).toBe(1);
    alone.state.now += 61_000;
    expect(alone.gate.atOnce()).toBe(8);
    const shared = gateOf({ beside: true });
    await shared.gate.isIdle();
    expect(shared.gate.atOnce()).toBe(1);
  });
});
