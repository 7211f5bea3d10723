import { describe, expect, it } from 'vitest';
import { openThreadedSession } from '../thread/threaded-session.js';
import type { Feeds } from './session.js';

function clips(...levels: number[]): Feeds {
  const data = new Uint8Array(levels.length * 1000);
  levels.forEach((level, clip) => {
    data.fill(level, clip * 1000, (clip + 1) * 1000);
  });
  return { clips: { type: 'uint8', dims: [levels.length, 1000], data } };
}

describe('a simulated device', () => {
  it('takes the time of its cost model, for one run after the other', async () => {
    const session = await openThreadedSession('', { providers: ['simulated'], simulated: { runMs: 30, clipMs: 20 } });
    const startedAt = performance.now();
    const runs = await Promise.all([session.runLent(clips(0, 9), () => {}), session.runLent(clips(9), () => {})]);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(70 + 50 - 2);
    expect(runs[0]?.seconds).toBeGreaterThanOrEqual(0.069);
    await session.release();
  });

  it('gives a logit that depends on the clip alone, and says that it is simulated', async () => {
    const session = await openThreadedSession('', { providers: ['simulated'], simulated: { runMs: 0, clipMs: 0 } });
    expect(session.provider).toBe('simulated');
    const together = (await session.run(clips(0, 255, 51))).logit?.data;
    const alone = (await session.run(clips(51))).logit?.data;
    expect(together).toEqual(Float32Array.of(-2, 2, Number(alone?.[0])));
    expect(alone?.[0]).toBeCloseTo(-1.2, 6);
    await session.release();
  });
});
