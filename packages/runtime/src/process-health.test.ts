import { describe, expect, it } from 'vitest';
import { ProcessHealth } from './process-health.js';

describe('the health of a process', () => {
  it('goes from starting through ready and busy to draining', () => {
    const health = new ProcessHealth();
    expect(health.now).toBe('starting');
    let entries = 0;
    health.serve(() => entries > 0);
    expect(health.now).toBe('ready');
    entries = 1;
    expect(health.now).toBe('busy');
    health.drain();
    expect(health.now).toBe('draining');
  });

  it('fails its check with the error of what is away, and passes once it is back', async () => {
    const health = new ProcessHealth();
    await health.checkNeeds();
    let isAway = true;
    health.require(async () => undefined);
    health.require(async () => {
      if (isAway) throw new Error('Redis is away');
    });
    await expect(health.checkNeeds()).rejects.toThrow('Redis is away');
    isAway = false;
    await health.checkNeeds();
  });
});
