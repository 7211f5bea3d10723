import { describe, expect, it } from 'vitest';
import { Closers, openWithClosers } from './closers.js';

describe('closers', () => {
  it('close what was opened last first, each once, and wait for each', async () => {
    const closed: string[] = [];
    const closers = new Closers();
    for (const name of ['store', 'queue', 'worker']) {
      closers.add(name, name, async (opened) => {
        await Promise.resolve();
        closed.push(opened);
      });
    }
    await closers.closeAll();
    await closers.closeAll();
    expect(closed).toEqual(['worker', 'queue', 'store']);
  });

  it('answer what was opened', () => {
    expect(new Closers().add('store', 7, () => undefined)).toBe(7);
  });

  it('close the others when one cannot be closed, and name that one', async () => {
    const closed: string[] = [];
    const closers = new Closers();
    closers.add('store', null, () => closed.push('store'));
    closers.add('queue', null, () => {
      throw new Error('Redis is away');
    });
    closers.add('worker', null, () => closed.push('worker'));
    await expect(closers.closeAll()).rejects.toThrow('queue could not be closed: Redis is away');
    expect(closed).toEqual(['worker', 'store']);
  });
});

describe('a start of several parts', () => {
  it('closes the parts before the one that cannot be opened, and throws that one’s error', async () => {
    const closed: string[] = [];
    const refusal = new Error('the port is in use');
    const start = openWithClosers(async (closers) => {
      closers.add('store', null, () => closed.push('store'));
      closers.add('queue', null, () => {
        throw new Error('cannot be closed either');
      });
      throw refusal;
    });
    await expect(start).rejects.toBe(refusal);
    expect(closed).toEqual(['store']);
  });

  it('leaves the parts open when all could be opened', async () => {
    const closed: string[] = [];
    const stop = await openWithClosers(async (closers) => {
      closers.add('store', null, () => closed.push('store'));
      return () => closers.closeAll();
    });
    expect(closed).toEqual([]);
    await stop();
    expect(closed).toEqual(['store']);
  });
});
