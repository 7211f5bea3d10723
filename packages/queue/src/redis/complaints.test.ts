import { beforeEach, describe, expect, it } from 'vitest';
import { complaintsTo } from './complaints.js';

describe('complaints about connections', () => {
  let now = 0;
  const warned: [object, string][] = [];
  const told: [object, string][] = [];
  const logger = {
    warn: (facts: object, message: string) => warned.push([facts, message]),
    info: (facts: object, message: string) => told.push([facts, message]),
  };
  const refused = () => Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:6379'), { code: 'ECONNREFUSED' });
  let complaints: ReturnType<typeof complaintsTo>;
  beforeEach(() => {
    now = 0;
    warned.length = 0;
    told.length = 0;
    complaints = complaintsTo(logger, () => now);
  });

  it('are logged at once, whoever has them, then once a minute with how many were kept back', () => {
    const first = refused();
    complaints.warn(first, { role: 'worker' }, 'redis connection');
    complaints.warn(refused(), { queue: 'prepare' }, 'queue');
    now = 59_999;
    complaints.warn(refused(), { queue: 'finish' }, 'queue');
    expect(warned).toEqual([[{ role: 'worker', err: first }, 'redis connection']]);
    now = 60_000;
    complaints.warn(refused(), {}, 'flow producer');
    expect(warned[1]).toMatchObject([{ alsoSaid: 2 }, 'flow producer']);
  });

  it('of another kind are logged, too', () => {
    complaints.warn(refused(), {}, 'queue');
    complaints.warn(new Error('READONLY'), {}, 'queue');
    expect(warned).toHaveLength(2);
  });

  it('are over when a connection stands, which is said once, and count as new after that', () => {
    complaints.over({ role: 'commands' });
    expect(told).toEqual([]);
    complaints.warn(refused(), {}, 'queue');
    complaints.over({ role: 'commands' });
    complaints.over({ role: 'worker' });
    expect(told).toEqual([[{ role: 'commands' }, 'redis connection is back']]);
    complaints.warn(refused(), {}, 'queue');
    expect(warned).toHaveLength(2);
  });
});
