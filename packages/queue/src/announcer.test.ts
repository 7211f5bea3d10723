import { JobError, type WorkerFacts } from '@styleflow/contracts';
import { until } from '@styleflow/testing';
import { describe, expect, it } from 'vitest';
import { startAnnouncer } from './announcer.js';
import type { Announcements } from './ports/announcements.js';
import { quietLogger } from './test-connection.js';

const AWAY = new JobError('queue_unavailable', 'for a test');

/** An announcements port that lists what it was told, or that is away. */
function listener(isAway = false) {
  const heard: (WorkerFacts | string)[] = [];
  const hear = async (what: WorkerFacts | string): Promise<void> => {
    if (isAway) throw AWAY;
    heard.push(what);
  };
  const announcements = { announce: hear, withdraw: hear } as Partial<Announcements> as Announcements;
  const comeBack = (): void => {
    isAway = false;
  };
  return { heard, announcements, comeBack };
}

describe('a process that announces itself', () => {
  it('tells what it is now, again and again and when it is told to, and withdraws as the same', async () => {
    const { heard, announcements } = listener();
    let health: WorkerFacts['health'] = 'ready';
    const facts = () => ({ health });
    const announcer = await startAnnouncer({
      ...{ announcements, logger: quietLogger, kind: 'gpu-worker', facts, id: 'mine' },
      everyMs: 20,
    });
    expect(heard[0]).toMatchObject({ id: 'mine', kind: 'gpu-worker', health: 'ready', pid: process.pid });
    health = 'busy';
    await announcer.tell();
    expect(heard.at(-1)).toMatchObject({ id: 'mine', health: 'busy' });
    health = 'draining';
    await until('it is told by itself', () => heard.some((what) => typeof what === 'object' && what.health === health));
    await announcer.stop();
    expect(heard.at(-1)).toBe('mine');
  });

  it('fails to start unheard, unless it may; from then on an outage is outlived', async () => {
    const { heard, announcements, comeBack } = listener(true);
    const facts = () => ({ health: 'ready' as const });
    const options = { announcements, logger: quietLogger, kind: 'api', facts } as const;
    await expect(startAnnouncer(options)).rejects.toBe(AWAY);
    const announcer = await startAnnouncer({ ...options, mayStartUnheard: true, everyMs: 20 });
    await announcer.tell();
    expect(heard).toEqual([]);
    comeBack();
    await until('it is heard', () => heard[0]);
    await announcer.stop();
    expect(heard.at(-1)).toBe((heard[0] as WorkerFacts).id);
  });
});
