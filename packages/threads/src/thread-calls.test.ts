import { describe, expect, it } from 'vitest';
import { startThread } from './thread-calls.js';
import { errorOf, type ThreadFault } from './thread-fault.js';

const FILE = new URL('./crashing-thread.js', import.meta.url);
const start = (data: object = {}) => startThread<string, string, string>(FILE, data);

type Described = ThreadFault<{ readonly isTooLong: boolean }>;
const revive = (fault: Described) => errorOf(fault, fault.facts?.isTooLong ? new RangeError('too long') : undefined);

describe('a thread that answers calls', () => {
  it('answers each call with its own answer, and leaves when it is closed', async () => {
    const thread = await start();
    expect(thread.opened).toBe('here');
    expect(await Promise.all(['a', 'b', 'c'].map((word) => thread.call(word)))).toEqual(['a', 'b', 'c']);
    await thread.close();
    await expect(thread.call('d')).rejects.toMatchObject({ code: 'internal', message: 'the worker thread was closed' });
  });

  it('hands errors over as JobErrors', async () => {
    await expect(start({ refuse: true })).rejects.toMatchObject({
      name: 'JobError',
      code: 'internal',
      message: 'not today',
    });
    const thread = await start();
    await expect(thread.call('odd')).rejects.toMatchObject({ name: 'JobError', message: 'odd word' });
    expect(await thread.call('even')).toBe('even');
    await thread.close();
  });

  it('hands over what its own end tells of an error, for the other end to make of it what it knows', async () => {
    const thread = await startThread<string, string, string, { readonly isTooLong: boolean }>(FILE, {}, revive);
    const causeOf = (word: string) => thread.call(word).catch((error: unknown) => (error as Error).cause);
    expect(await causeOf('odd')).toBeUndefined();
    expect(await causeOf('huge')).toBeInstanceOf(RangeError);
    await expect(thread.call('huge')).rejects.toMatchObject({ code: 'inference_failed', message: 'no room' });
    await thread.close();
  });

  it('rejects every waiting and later call when it crashes, and says so', async () => {
    const thread = await start();
    const error = { code: 'internal', message: 'a worker thread crashed: out of the blue' };
    await expect(thread.call('crash')).rejects.toMatchObject(error);
    expect(await thread.died).toMatchObject(error);
    await expect(thread.call('a')).rejects.toMatchObject(error);
  });
});
