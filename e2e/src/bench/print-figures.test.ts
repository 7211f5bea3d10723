import { expect, it } from 'vitest';
import { figureLines } from './print-figures.js';

it('prints nested figures as one table, with units told by the names', () => {
  const figures = {
    'long-poll': {
      clients: 2000,
      latencyMs: { median: 12.345, p95: 1234.5 },
      apiMegabytes: { before: 96, waiting: 121.04 },
    },
    'worker-scaling': { points: [{ workers: 64, clipsPerSecond: 40.1, efficiency: 0.9444 }] },
    faces: [{ video: 'a.mp4', expected: null }],
    device: { providers: ['cuda', 'cpu'], batch: [2, 1, 4], fits: true, error: 1.7e-5, gone: Number.NaN },
  };
  expect(figureLines(figures)).toEqual([
    'benchmark       figure                                 value',
    'long-poll       clients                                2,000',
    'long-poll       latencyMs.median                        12.3 ms',
    'long-poll       latencyMs.p95                          1,235 ms',
    'long-poll       apiMegabytes.before                       96 MB',
    'long-poll       apiMegabytes.waiting                     121 MB',
    'worker-scaling  points[workers 64].workers                64',
    'worker-scaling  points[workers 64].clipsPerSecond       40.1 /s',
    'worker-scaling  points[workers 64].efficiency          0.944',
    'faces           [a.mp4].video                          a.mp4',
    'faces           [a.mp4].expected                           –',
    'device          providers                          cuda, cpu',
    'device          batch                                2, 1, 4',
    'device          fits                                     yes',
    'device          error                                 1.7e-5',
    'device          gone                                       –',
  ]);
});

it('aligns its columns, numbers to the right', () => {
  expect(figureLines({ scale: { clips: 20_000, seconds: 7 }, 'long-name': { a: 1 } })).toEqual([
    'benchmark  figure    value',
    'scale      clips    20,000',
    'scale      seconds       7 s',
    'long-name  a             1',
  ]);
});

it('does not let a long list drown the rest', () => {
  const timeline = Array.from({ length: 240 }, (_, at) => ({ at, left: 0 }));
  expect(figureLines({ autoscale: { clips: 1, timeline } }).slice(1)).toEqual([
    'autoscale  clips                        1',
    'autoscale  timeline  240 items, by --json',
  ]);
});
