import { setTimeout as pause } from 'node:timers/promises';
import type { S3Rule } from '@styleflow/testing';
import type { ChaosSystem } from '../chaos-system.js';
import type { Fault } from '../fault.js';

const SPENDS_NOTHING = 'an outage of the store within the budget spends no attempt and fails nothing';
const WRONG_PLACE = 'a store that is gone or another one is told from an empty one, and is not blamed on the input';
const DAMAGED = 'objects of our own that are damaged are made again';

function s3(system: ChaosSystem) {
  if (system.store.s3 === null) throw new Error('this run has no S3 store');
  return system.store.s3;
}

const failing = (rule: (random: () => number) => S3Rule): Fault['begin'] => {
  return async (system, random) => s3(system).failing.fail(rule(random));
};

const away = (put: 'nothing' | 'empty'): Fault['begin'] => {
  return async ({ store }) => {
    if (store.away === null) throw new Error('this run has no folder as its store');
    return store.away(put);
  };
};

export const STORE_FAULTS: readonly Fault[] = [
  {
    id: 'store-503',
    says: 'the store answers 503',
    promise: SPENDS_NOTHING,
    store: 's3',
    begin: failing(() => ({ fault: { kind: 'status', status: 503 } })),
  },
  {
    id: 'store-500-sometimes',
    says: 'the store answers every second call with 500',
    promise: SPENDS_NOTHING,
    store: 's3',
    begin: failing((random) => ({ fault: { kind: 'status', status: 500 }, share: 0.5, random })),
  },
  {
    id: 'store-no-writes',
    says: 'the store can be read and not written',
    promise: SPENDS_NOTHING,
    store: 's3',
    begin: failing(() => ({ fault: { kind: 'status', status: 503 }, methods: ['PUT', 'POST', 'DELETE'] })),
  },
  {
    id: 'store-silent',
    says: 'the store takes calls and answers none',
    promise: SPENDS_NOTHING,
    store: 's3',
    begin: failing(() => ({ fault: { kind: 'silence' } })),
  },
  {
    id: 'store-half',
    says: 'one answer of the store in three breaks off half-way',
    promise: SPENDS_NOTHING,
    store: 's3',
    begin: failing((random) => ({ fault: { kind: 'half' }, share: 1 / 3, random })),
  },
  {
    id: 'store-cut',
    says: 'all connections to the store are cut',
    promise: SPENDS_NOTHING,
    store: 's3',
    begin: async (system) => {
      s3(system).link.cut();
      return () => s3(system).link.restore();
    },
  },
  {
    id: 'store-slow',
    says: 'the line to the store is slow',
    promise: SPENDS_NOTHING,
    store: 's3',
    begin: async (system) => {
      s3(system).link.slow({ delayMs: 20, bytesPerSecond: 1_000_000 });
      return () => s3(system).link.restore();
    },
  },
  {
    id: 'store-changed',
    says: 'one object in five is read with a changed byte',
    promise: DAMAGED,
    store: 's3',
    begin: failing((random) => ({ fault: { kind: 'changed' }, methods: ['GET'], share: 0.2, random })),
  },
  {
    id: 'store-other',
    says: 'the address of the store leads to another, empty one',
    promise: WRONG_PLACE,
    store: 's3',
    begin: failing(() => ({ fault: { kind: 'empty' } })),
  },
  {
    id: 'store-unmounted',
    says: 'the folder of the store is away',
    promise: WRONG_PLACE,
    store: 'file',
    begin: away('nothing'),
  },
  {
    id: 'store-emptied',
    says: 'an empty folder lies where the store was',
    promise: WRONG_PLACE,
    store: 'file',
    begin: away('empty'),
  },
  {
    id: 'objects-damaged',
    says: 'scores, clips and prepared records of running jobs are cut in half',
    promise: DAMAGED,
    begin: async (system, random) => {
      const stopping = new AbortController();
      const damaging = damageObjects(system, random, stopping.signal);
      return async () => {
        stopping.abort();
        await damaging;
      };
    },
  },
];

const DAMAGEABLE = /\/(scores|clips)\/|\/prepared\.json$/;
const BETWEEN_DAMAGES_MS = 250;

async function damageObjects(
  { store, mayDamage }: ChaosSystem,
  random: () => number,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    for (const job of mayDamage().slice(0, 10)) {
      for await (const { key } of store.direct.list(`jobs/${job}/`)) {
        if (signal.aborted || !DAMAGEABLE.test(key) || random() > 0.3) continue;
        const whole = await store.direct.get(key);
        // It may end meanwhile: one that has been deleted must not come back by our hand.
        if (whole === null || !mayDamage().includes(job)) continue;
        await store.direct.put(key, whole.subarray(0, whole.length >> 1), 'application/octet-stream');
      }
    }
    await pause(BETWEEN_DAMAGES_MS);
  }
}
