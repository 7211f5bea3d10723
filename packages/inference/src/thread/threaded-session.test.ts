import { describe, expect, it } from 'vitest';
import type { Feeds } from '../session/session.js';
import { squareGraph } from '../session/square-graph.js';
import { openThreadedSession } from './threaded-session.js';

function matrix(side: number, value = 1): Feeds {
  return { x: { type: 'float32', dims: [side, side], data: new Float32Array(side * side).fill(value) } };
}

describe('a session in a thread', () => {
  it('runs, moves the feeds to the thread and gives their memory back', async () => {
    const session = await openThreadedSession(squareGraph(), { providers: ['cpu'], threads: 1 });
    const feeds = matrix(2, 3);
    let back: Feeds | undefined;
    const running = session.runLent(feeds, (returned) => {
      back = returned;
    });
    expect(feeds.x?.data).toHaveLength(0);
    const { outputs, seconds } = await running;
    expect(outputs.y?.data).toEqual(Float32Array.of(18, 18, 18, 18));
    expect(seconds).toBeGreaterThan(0);
    expect(back?.x?.data).toEqual(Float32Array.of(3, 3, 3, 3));
    await session.release();
  });

  it('copies feeds that are views into larger memory, which stays with the caller', async () => {
    const session = await openThreadedSession(squareGraph(), { providers: ['cpu'], threads: 1 });
    const pool = new Float32Array(8).fill(2);
    const { y } = await session.run({ x: { type: 'float32', dims: [2, 2], data: pool.subarray(4) } });
    expect(y?.data).toEqual(Float32Array.of(8, 8, 8, 8));
    expect(pool).toHaveLength(8);
    await session.release();
  });

  it('leaves the event loop free while it multiplies', async () => {
    const session = await openThreadedSession(squareGraph(), { providers: ['cpu'], threads: 1 });
    const feeds = matrix(2400);
    let turns = 0;
    const turning = setInterval(() => {
      turns += 1;
    }, 1);
    await session.runLent(feeds, () => {});
    clearInterval(turning);
    // A free loop turns hundreds of times. Computing the same on it would leave one turn or two.
    expect(turns).toBeGreaterThan(10);
    await session.release();
  });

  it('hands an error over with its code, and works on', async () => {
    const session = await openThreadedSession(squareGraph(), { providers: ['cpu'] });
    let isBack = false;
    const bad: Feeds = { x: { type: 'float32', dims: [1, 2], data: new Float32Array(2) } };
    await expect(
      session.runLent(bad, () => {
        isBack = true;
      }),
    ).rejects.toMatchObject({ code: 'inference_failed', retryable: true });
    expect(isBack).toBe(true);
    expect((await session.run(matrix(1, 5))).y?.data).toEqual(Float32Array.of(25));
    await session.release();
  });

  it('refuses feeds whose memory an earlier run has taken, instead of waiting for ever', async () => {
    const session = await openThreadedSession(squareGraph(), { providers: ['cpu'] });
    const feeds = matrix(2, 3);
    await session.run(feeds);
    await expect(session.run(feeds)).rejects.toMatchObject({
      code: 'internal',
      message: 'input x [2, 2] holds 0 values: its memory may be lent to another run',
    });
    await session.release();
  });

  it('refuses what openSession refuses', async () => {
    await expect(openThreadedSession(squareGraph(), { providers: ['tensorrt'] })).rejects.toMatchObject({
      code: 'internal',
      retryable: false,
    });
  });

  it('rejects what was running when it is released, and everything after', async () => {
    const session = await openThreadedSession(squareGraph(), { providers: ['cpu'], threads: 1 });
    const running = session.run(matrix(2000));
    const refused = expect(running).rejects.toMatchObject({
      code: 'internal',
      message: 'the worker thread was closed',
    });
    await session.release();
    await refused;
    await expect(session.run(matrix(1))).rejects.toThrow('the worker thread was closed');
  });
});
