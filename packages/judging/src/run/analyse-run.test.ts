import { describe, expect, it } from 'vitest';
import type { LabelledVideo } from '../layouts/labelled-video.js';
import { runPage } from '../page/run-page.js';
import { drawPictures } from '../pictures/draw-curves.js';
import { analyseRun } from './analyse-run.js';
import { calibrateRun } from './calibrate-run.js';
import { compareRuns } from './compare-runs.js';
import type { Outcome, Run } from './run-schemas.js';

const OPTIONS = { maxFrames: 110, sampling: 'head', faces: 'all', detection: 'adaptive' } as const;

function runOf(more: Partial<Run> = {}): Run {
  return {
    ...{ v: 1, id: 'run_1', createdAt: '2026-01-01', finishedAt: '2026-01-02', protocol: 'all-faces', departures: [] },
    ...{ options: OPTIONS, seed: 1 },
    data: { input: 'made', digest: 'd', videos: 0, fakes: 0, reals: 0, notes: [] },
    served: {
      ...{ bundle: 'b@1', digest: 'b', variant: 'content', trained: true, calibration: { a: 1, b: 0 }, threshold: 0.5 },
      ...{ provider: 'cpu', version: '1', conditions: { options: OPTIONS, preprocessing: 'p', precision: 'fp32' } },
    },
    ...more,
  };
}

function video(id: string, isFake: boolean, dataset = 'set', method: string | null = null): LabelledVideo {
  return { id, source: id, isFake, dataset, method, split: null, compression: null };
}

function outcome(id: string, logits: readonly number[], more: Partial<Outcome> = {}): Outcome {
  const quality = { faceWidth: 100, sharpness: 9, yaw: 0, pitch: 0.5 };
  return {
    ...{ id, status: 'succeeded', job: null, errorCode: null, sha256: `sha of ${id}` },
    verdict: { label: 'real', score: 0.5, threshold: 0.5 },
    faces:
      logits.length === 0
        ? []
        : [{ track: 0, rank: 1, frames: [0, 40], firstScore: 0.9, logits: [...logits], quality }],
    quality: { fps: 25, durationSeconds: 2, bitsPerPixel: 0.1, faces: 1, clips: logits.length },
    ...more,
  };
}

const noFace = { verdict: { label: 'inconclusive', reason: 'no_face', score: null, threshold: 0.5 } } as const;

describe('the figures of a run', () => {
  it('come by data set and method, with what has no score counted apart', () => {
    const videos = [
      ...[
        video('f1', true, 'a', 'swap'),
        video('f2', true, 'a', 'reenact'),
        video('r1', false, 'a'),
        video('r2', false, 'a'),
      ],
      ...[video('f3', true, 'b'), video('r3', false, 'b'), video('r4', false, 'b')],
    ];
    const outcomes = [
      ...[outcome('f1', [2, 4]), outcome('f2', [-1]), outcome('r1', [-2]), outcome('r2', [0])],
      ...[outcome('f3', [1]), outcome('r3', [], noFace)],
      outcome('r4', [], { status: 'failed', errorCode: 'media_corrupt', verdict: null, sha256: null }),
    ];
    const { groups } = analyseRun(runOf(), videos, outcomes);
    expect(groups.map(({ name }) => name)).toEqual(['all', 'a', 'a: reenact', 'a: swap', 'b']);
    const [all, a, reenact] = groups;
    expect(all).toMatchObject({ dataset: null, videos: 7, scored: 5, withoutFace: 1, failed: 1, faceTooShort: 0 });
    expect(a?.video.measures.auc).toBe(0.75);
    expect(reenact?.video.measures.auc).toBe(0.5);
    expect(all?.confusion).toMatchObject({
      fakesCalledFake: 2,
      fakesCalledReal: 1,
      realsCalledFake: 1,
      realsCalledReal: 1,
    });
    expect(all?.clip.clips).toBe(6);
  });

  it('leave out a video under both labels, count one that is there twice once, and say so', () => {
    const videos = [video('f', true), video('same as f', false), video('r', false), video('r again', false)];
    const sha = (sha256: string) => ({ sha256 });
    const { counted, notes } = analyseRun(runOf(), videos, [
      ...[outcome('f', [1], sha('x')), outcome('same as f', [1], sha('x'))],
      ...[outcome('r', [0], sha('y')), outcome('r again', [0], sha('y'))],
    ]);
    expect(counted.map(({ video: { id } }) => id)).toEqual(['r']);
    expect(notes).toContain('the same video stands under both labels, and counts for neither: f, same as f');
    expect(notes).toContain('the same video, counted once: r, r again');
  });

  it('of one class only do not exist where they compare both, and the page says why', () => {
    const run = runOf();
    const analysis = analyseRun(run, [video('f', true)], [outcome('f', [1])]);
    expect(analysis.groups[0]?.video.measures).toMatchObject({ auc: null, eer: null, ap: null, accuracy: 1 });
    const pictures = drawPictures([{ name: 'all', scores: [{ score: 0.7, isFake: true }] }], 'all-faces');
    const page = runPage({ run, analysis, pictures, comparison: null, robustness: [] });
    expect(page).toContain('all videos are fakes: figures that compare both classes');
    expect(page).toContain('</svg>');
  });

  it('follow the rule of their protocol', () => {
    const faces = [
      { track: 0, rank: 2, frames: [5, 40] as [number, number], firstScore: 0.9, logits: [3] },
      { track: 1, rank: 1, frames: [0, 80] as [number, number], firstScore: 0.6, logits: [-1, 1] },
    ];
    const videos = [video('f', true)];
    const scoreBy = (protocol: Run['protocol']) =>
      analyseRun(runOf({ protocol }), videos, [outcome('f', [], { faces })]).counted[0]?.score;
    const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
    expect(scoreBy('all-faces')).toBeCloseTo(sigmoid(3), 12);
    expect(scoreBy('original')).toBeCloseTo(sigmoid(0), 12);
    expect(scoreBy('ftcn')).toBeCloseTo((sigmoid(-1) + sigmoid(1)) / 2, 12);
  });
});

const many = Array.from({ length: 200 }, (_, i) => video(`v${i}`, i % 2 === 0));
const scored = many.map(({ id, isFake }, i) => outcome(id, [(isFake ? 1.5 : -1.5) + ((i * 37) % 100) / 25 - 2]));

describe('a calibration from a run', () => {
  it('holds its bound on the run and covers what the run held', () => {
    const run = runOf();
    const analysis = analyseRun(run, many, scored);
    const bound = { rate: 0.1, confidence: 0.95 };
    const made = calibrateRun(run, analysis, { choice: { by: 'doubt', fpr: bound, fnr: bound } });
    expect(made.confusion.realsCalledFake / made.reals).toBeLessThan(0.1);
    expect(made.confusion.fakesCalledReal / made.fakes).toBeLessThan(0.1);
    expect(made.thresholds?.real).toBeLessThanOrEqual(made.threshold);
    expect(made.ranges).toMatchObject({ fps: [25, 25], faceWidth: [100, 100], clips: [1, 1] });
  });

  it('carries a band of the style flow where the run kept it, and says when a style bundle has none', () => {
    const { served } = runOf();
    const run = runOf({ served: served && { ...served, variant: 'style-content' } });
    const choice = { by: 'youden' } as const;
    const bare = calibrateRun(run, analyseRun(run, many, scored), { choice });
    expect([bare.styleBand, bare.notes]).toEqual([null, [expect.stringMatching(/no band of the style flow/)]]);
    const told = scored.map((each) => ({ ...each, styleMeans: [{ coarse: 1, middle: 2, fine: 3 }] }));
    const made = calibrateRun(run, analyseRun(run, many, told), { choice });
    expect(made.styleBand).toMatchObject({ groups: { coarse: [1, 1, 1], fine: [3, 3, 3] }, videos: 100 });
  });

  it('is refused for another rule than the service has, for a run that goes on, and for untrained weights', () => {
    const choice = { by: 'youden' } as const;
    const refusal = (run: Run) => () => calibrateRun(run, analyseRun(run, many, scored), { choice });
    expect(refusal(runOf({ protocol: 'original' }))).toThrow(/thresholds of another rule would lie/);
    expect(refusal(runOf({ finishedAt: null }))).toThrow(/has not ended/);
    const { served } = runOf();
    expect(refusal(runOf({ served: served && { ...served, trained: false } }))).toThrow(/untrained/);
  });
});

it('two runs of the same videos are tested against each other, and list what is answered otherwise', () => {
  const run = runOf();
  const worse = scored.map((each, i) => (i === 0 ? outcome(each.id, [-9]) : each));
  const { delong, differences, changed, videos } = compareRuns(
    analyseRun(run, many, scored),
    analyseRun(run, many, worse),
    1,
  );
  expect(videos).toBe(200);
  expect(delong?.difference).toBeLessThan(0);
  expect(differences.auc.difference).toBeCloseTo(delong?.difference ?? 0, 12);
  expect(differences.auc.interval?.low).toBeLessThan(0);
  expect(changed).toEqual(changed.filter(({ id }) => id === 'v0'));
});
