import { JobError } from '@styleflow/contracts';
import { OutOfMemory } from '@styleflow/inference';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeviceWatch } from './device-watch.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A watch, and the error with which it gave the device up. */
function watchDevice() {
  const watch = new DeviceWatch();
  const said: string[] = [];
  watch.gaveUp.then(({ message }) => said.push(message));
  return { watch, said };
}

const hang = () => new Promise<never>(() => undefined);
const fail = (error = new JobError('inference_failed', 'CUDA error 719')) => Promise.reject(error);
const pass = async () => undefined;
const TOO_LARGE = new JobError('inference_failed', 'no room', { cause: new OutOfMemory('no room') });

describe('a device that hangs', () => {
  it('is given up after a minute', async () => {
    const { watch, said } = watchDevice();
    void watch.during(hang, hang);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(said).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(said).toEqual(['the device has not answered for 60 s']);
  });

  it('is given more time where its first runs were slow', async () => {
    const { watch, said } = watchDevice();
    watch.expect(0.1);
    watch.expect(8);
    watch.expect(0.2);
    void watch.during(hang, hang);
    await vi.advanceTimersByTimeAsync(159_000);
    expect(said).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(said).toEqual(['the device has not answered for 160 s']);
  });

  it('is given ten minutes at the most, whatever its first runs took', async () => {
    const { watch, said } = watchDevice();
    watch.expect(126);
    void watch.during(hang, hang);
    await vi.advanceTimersByTimeAsync(599_000);
    expect(said).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(said).toEqual(['the device has not answered for 600 s']);
  });

  it('is not taken for one that answers run after run, for hours', async () => {
    const { watch, said } = watchDevice();
    for (let run = 0; run < 300; run += 1) {
      const answer = watch.during(() => new Promise((resolve) => setTimeout(() => resolve(run), 50_000)), hang);
      await vi.advanceTimersByTimeAsync(50_000);
      expect(await answer).toBe(run);
    }
    expect(said).toEqual([]);
  });
});

describe('a device that refuses every run', () => {
  it('is given up after the tenth, with the reason for which it refuses a blank clip', async () => {
    const { watch, said } = watchDevice();
    const failBlank = vi.fn(() => fail());
    for (let run = 0; run < 9; run += 1) await expect(watch.during(fail, failBlank)).rejects.toThrow('CUDA error 719');
    expect(failBlank).not.toHaveBeenCalled();
    await expect(watch.during(() => fail(TOO_LARGE), failBlank)).rejects.toThrow('no room');
    expect(said).toEqual(['the device failed 10 runs in a row and a blank clip, with: CUDA error 719']);
  });

  it('is given up when it hangs at the blank clip', async () => {
    const { watch, said } = watchDevice();
    for (let run = 0; run < 9; run += 1) await expect(watch.during(fail, hang)).rejects.toThrow();
    void watch.during(fail, hang);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(said).toEqual(['the device has not answered for 60 s']);
  });

  it('is not taken for clips that break their runs, be they all that there are', async () => {
    const { watch, said } = watchDevice();
    for (let run = 0; run < 50; run += 1) await expect(watch.during(fail, pass)).rejects.toThrow('CUDA error 719');
    expect(said).toEqual([]);
  });

  it('is not taken for clips that break their runs among others that do not', async () => {
    const { watch, said } = watchDevice();
    for (let clip = 0; clip < 50; clip += 1) {
      await expect(watch.during(fail, fail)).rejects.toThrow();
      await expect(watch.during(fail, fail)).rejects.toThrow();
      expect(await watch.during(async () => clip, fail)).toBe(clip);
    }
    expect(said).toEqual([]);
  });

  it('is not taken for one whose memory is too small for a batch', async () => {
    const { watch, said } = watchDevice();
    for (let run = 0; run < 20; run += 1) {
      await expect(watch.during(() => fail(TOO_LARGE), pass)).rejects.toThrow('no room');
    }
    expect(said).toEqual([]);
  });
});
