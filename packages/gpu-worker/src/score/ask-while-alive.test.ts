import { setTimeout as after } from 'node:timers/promises';
import { startThread } from '@styleflow/threads';
import { describe, expect, it } from 'vitest';
import { askWhileAlive } from './ask-while-alive.js';

/** A thread that echoes, fails or dies, as it is told. */
const THREAD = `
import { parentPort } from 'node:worker_threads';
parentPort.on('message', ({ type, id, request }) => {
  if (type === 'close') return parentPort.close();
  if (request === 'die') throw new Error('the device hangs');
  const fault = { code: 'inference_failed', message: 'no', retryable: true };
  if (request === 'fail') parentPort.postMessage({ type: 'fault', id, fault });
  if (request === 'answer') parentPort.postMessage({ type: 'answer', id, answer: 'yes' });
});
parentPort.postMessage({ type: 'opened', opened: {} });`;

async function startTestThread() {
  const file = new URL(`data:text/javascript,${encodeURIComponent(THREAD)}`);
  const thread = await startThread<object, string, string>(file, {});
  return { thread, ask: askWhileAlive(thread) };
}

describe('a thread that is asked while it lives', () => {
  it('answers and fails as it does', async () => {
    const { thread, ask } = await startTestThread();
    expect(await ask('answer')).toBe('yes');
    await expect(ask('fail')).rejects.toMatchObject({ code: 'inference_failed' });
    await thread.close();
  });

  it('fails what waits when it is told to close', async () => {
    const { thread, ask } = await startTestThread();
    const waiting = expect(ask('wait')).rejects.toMatchObject({ code: 'internal' });
    await thread.close();
    await waiting;
  });

  it('fails nothing by its death: neither what waits, nor what comes then, nor what comes when it is closed', async () => {
    const { thread, ask } = await startTestThread();
    const settled: string[] = [];
    const watch = (request: string) =>
      ask(request).then(
        () => settled.push(request),
        () => settled.push(request),
      );
    void watch('wait');
    void watch('die');
    await expect(thread.call('wait')).rejects.toThrow('the device hangs');
    void watch('answer');
    await thread.died;
    await thread.close();
    void watch('fail');
    await after(50);
    expect(settled).toEqual([]);
  });
});
