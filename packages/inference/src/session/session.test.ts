import { describe, expect, it } from 'vitest';
import { listAvailableProviders, openSession } from './session.js';
import { squareGraph } from './square-graph.js';

const MATRIX = { type: 'float32', dims: [2, 2], data: Float32Array.of(1, 2, 3, 4) } as const;

describe('openSession', () => {
  it('runs a graph on the CPU and names its inputs and outputs', async () => {
    const session = await openSession(squareGraph(), { providers: ['cpu'], threads: 1 });
    expect(session.inputNames).toEqual(['x']);
    expect(session.outputNames).toEqual(['y']);
    expect(session.provider).toBe('cpu');
    const { y } = await session.run({ x: MATRIX });
    expect(y).toEqual({ type: 'float32', dims: [2, 2], data: Float32Array.of(7, 10, 15, 22) });
    await session.release();
  });

  it('refuses a wanted provider that is missing, although the CPU could serve', async () => {
    expect(await listAvailableProviders()).toContain('cpu');
    const refused = openSession(squareGraph(), { providers: ['tensorrt', 'cpu'] });
    await expect(refused).rejects.toMatchObject({ code: 'internal', retryable: false });
    await expect(refused).rejects.toThrow(/tensorrt (is not installed|cannot serve).*available here: .*cpu/);
  });

  it('counts which provider runs the nodes, when that is asked for', async () => {
    const session = await openSession(squareGraph(), { providers: ['cpu'], countsNodes: true });
    expect(session.placement).toBeNull();
    await session.run({ x: MATRIX });
    expect(session.placement).toEqual({ counts: { cpu: 1 }, fallback: [] });
    await session.run({ x: MATRIX });
    expect(session.placement).toEqual({ counts: { cpu: 1 }, fallback: [] });
    await session.release();
  });

  it('tells a graph that cannot be loaded from feeds that do not fit it', async () => {
    await expect(openSession(Uint8Array.of(1, 2, 3), { providers: ['cpu'] })).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('could not be loaded'),
    });
    const session = await openSession(squareGraph(), { providers: ['cpu'] });
    const wide = { type: 'float32', dims: [2, 3], data: new Float32Array(6) } as const;
    await expect(session.run({ x: wide })).rejects.toMatchObject({ code: 'inference_failed', retryable: true });
    await expect(session.run({})).rejects.toMatchObject({ code: 'inference_failed' });
    await session.release();
  });
});
