import { JobError } from '@styleflow/contracts';
import { type Announcements, connectQueue, queueSettings } from '@styleflow/queue';
import { createLogger, ProcessHealth, parseEnv } from '@styleflow/runtime';
import { startRedis, until } from '@styleflow/testing';
import { expect, it } from 'vitest';
import { announceWorker } from './announce-worker.js';
import { placeNvidiaSmi } from './test-nvidia-smi.js';

it('shows the worker with its card, as busy as it is now, until it stops', async () => {
  const logger = createLogger('test', 'silent');
  const redis = await startRedis();
  const smi = await placeNvidiaSmi();
  const { announcements, close } = await connectQueue(parseEnv(queueSettings, { STYLEFLOW_REDIS_URL: redis.url }), {
    logger,
  });
  await smi.answer('0, GPU-own, NVIDIA RTX A6000, 49140, 1024, 37');
  let busy = 0;
  const announcement = await announceWorker({
    announcements,
    logger,
    health: () => (busy > 0 ? 'busy' : 'ready'),
    facts: { provider: 'cuda', gpu: 'NVIDIA RTX A6000', queue: 'score.0123456789ab' },
    load: () => ({ slots: { score: { busy, total: 12 } }, clipsPerSecond: 1.5 }),
    gpu: {
      ...{ index: 0, uuid: 'GPU-own', name: 'NVIDIA RTX A6000', memoryBytes: 51_527_024_640 },
      ...{ memoryUsedBytes: 0, utilization: null },
    },
    everyMs: 20,
  });
  try {
    const now = async () => (await announcements.workers())[0];
    // The card's name and size are known from the start. What it answers comes with a later announcement.
    expect(await now()).toMatchObject({ kind: 'gpu-worker', card: { uuid: 'GPU-own', memoryBytes: 51_527_024_640 } });
    busy = 3;
    const shown = await until('its load is measured', async () => {
      const facts = await now();
      return facts?.card?.utilization === 0.37 && facts.health === 'busy' ? facts : undefined;
    });
    expect(shown).toMatchObject({
      ...{ pid: process.pid, provider: 'cuda', gpu: 'NVIDIA RTX A6000', queue: 'score.0123456789ab' },
      ...{ slots: { score: { busy: 3, total: 12 } }, clipsPerSecond: 1.5 },
      card: { uuid: 'GPU-own', memoryBytes: 51_527_024_640, memoryUsedBytes: 1_073_741_824, utilization: 0.37 },
    });
  } finally {
    await announcement.stop();
    expect(await announcements.workers()).toEqual([]);
    await close();
    await smi.remove();
    await redis.stop();
  }
});

it('is announced in a second try when Redis fell silent in the first, which leaves nothing behind', async () => {
  const told: string[] = [];
  const announcements = {
    announce: async ({ kind }: { readonly kind: string }) => {
      told.push(kind);
      if (told.length === 1) throw new JobError('queue_unavailable', 'Redis does not answer');
    },
    recallBundle: async () => {},
    withdraw: async () => {},
  } as unknown as Announcements;
  const logger = createLogger('test', 'silent');
  const facts = { provider: 'cpu' as const, queue: 'score.0123456789ab' };
  const load = () => ({ slots: { score: { busy: 0, total: 3 } }, clipsPerSecond: 0 });
  const announce = () =>
    announceWorker({ announcements, logger, health: () => 'starting', facts, load, gpu: null, everyMs: 60_000 });
  const announcement = await new ProcessHealth().reach('redis', announce, { logger, retryMs: 1 });
  await announcement.stop();
  expect(told).toEqual(['gpu-worker', 'gpu-worker']);
});
