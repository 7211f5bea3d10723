import { describe, expect, it } from 'vitest';
import { DecodePlaces } from './decode-places.js';

const never = new AbortController().signal;

describe('the places where videos are decoded', () => {
  it('go to who came first, and past who gave up waiting', async () => {
    const places = new DecodePlaces(1);
    const order: string[] = [];
    let end = (): void => undefined;
    const first = places.during(() => new Promise<void>((resolve) => (end = resolve)), never);
    const abort = new AbortController();
    const gaveUp = places.during(async () => void order.push('gave up'), abort.signal);
    const waiting = ['second', 'third'].map((name) => places.during(async () => void order.push(name), never));
    abort.abort(new Error('not wanted any more'));
    await expect(gaveUp).rejects.toThrow('not wanted any more');
    expect(order).toEqual([]);
    end();
    await Promise.all([first, ...waiting]);
    expect(order).toEqual(['second', 'third']);
  });

  it('are free again after a failure', async () => {
    const places = new DecodePlaces(1);
    await expect(places.during(() => Promise.reject(new Error('for a test')), never)).rejects.toThrow('for a test');
    expect(await places.during(async () => 'in', never)).toBe('in');
  });
});
