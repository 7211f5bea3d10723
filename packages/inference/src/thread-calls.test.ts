import { describe, expect, it } from 'vitest';
import { isOutOfMemory } from './out-of-memory.js';
import { startThread } from './thread-calls.js';

const FILE = new URL('./crashing-thread.js', import.meta.url);
const start = (data: object = {}) => startThread<string, string, string>(FILE, data);

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
    expect(isOutOfMemory(await thread.call('odd').catch((error: unknown) => error))).toBe(false);
    expect(isOutOfMemory(await thread.call('huge').catch((error: unknown) => error))).toBe(true);
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
