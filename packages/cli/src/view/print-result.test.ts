import { type JobOptions, JobOptionsSchema, type Result, type ResultClip, type ResultFace } from '@styleflow/contracts';
import { describe, expect, it } from 'vitest';
import { printResult } from './print-result.js';

const options: JobOptions = JobOptionsSchema.parse({});

const clip: ResultClip = {
  ...{ index: 0, frames: [0, 31], seconds: [0, 1], padded: false },
  ...{ logit: 1, score: 0.731, picture: '', details: '' },
};
const face: Omit<ResultFace, 'track' | 'rank' | 'score' | 'clips'> = {
  ...{ frames: [0, 109], frameCount: 110, framesUnused: 14, firstScore: 1, boxes: [] },
};
const faces: ResultFace[] = [
  { ...face, track: 0, rank: 1, score: 0.731, clips: [clip] },
  { ...face, track: 1, rank: 2, score: null, clips: [] },
];

function resultOf(video: Partial<Result['video']>, faces: Result['faces'] = []): Result {
  return {
    job: 'job_01JDZZZZZZZZZZZZZZZZZZZZZZ',
    verdict: { label: 'real', score: 0.1, threshold: 0.2 },
    partial: false,
    faces,
    video: {
      ...{ sha256: '', bytes: 1, container: 'mov', codec: 'h264', width: 640, height: 480, rotation: 0, fps: 30 },
      ...{ durationSeconds: 7, hasAudio: false, framesUsed: 110, framesDamaged: 0, ...video },
    },
    model: {
      ...{ bundle: 'b@0123456789ab', digest: '', variant: 'content', precision: 'fp32', trained: true },
      ...{ provider: 'cpu', batchSize: 1 },
    },
    pipeline: { version: '0', preprocessing: '' },
    timings: { createdAt: '', startedAt: null, finishedAt: '', steps: {} },
  };
}

describe('printResult', () => {
  it('says how much of a longer video was looked at, and how to take all of it', () => {
    const [first] = printResult(resultOf({}), options);
    expect(first).toBe(
      'video:   640×480 h264, 110 frames used, about the first 0:03.7 of 0:07.0; --max-frames 0 takes the whole video',
    );
    expect(printResult(resultOf({}), { ...options, maxFrames: 0 })[0]).toBe('video:   640×480 h264, 110 frames used');
  });

  it('tells damage, which makes scores doubtful', () => {
    expect(printResult(resultOf({ framesDamaged: 36 }), options)).toContain(
      'damage:  36 of 110 frames could not be decoded cleanly; scores around them are doubtful',
    );
  });

  it('gives each of several bundles a row, and says how the votes fell', () => {
    const result = resultOf({});
    const model = { ...result.model, bundle: 'c@cccccccccccc', trained: false };
    const untrained = { label: 'inconclusive', reason: 'untrained_bundle', score: 0.5, threshold: 0.2 } as const;
    const lines = printResult(
      {
        ...result,
        verdict: { label: 'real', score: 0, threshold: 0.5 },
        opinions: [
          { model: result.model, verdict: result.verdict, partial: false, faces: [] },
          { model, verdict: untrained, partial: false, faces: [] },
        ],
        combined: {
          ...{ rule: 'majority', abstained: [model.bundle], disagreed: [] },
          votes: [{ bundle: result.model.bundle, label: 'real' }],
        },
      },
      options,
    );
    expect(lines).toContain('opinion: b@0123456789ab: real score 0.100');
    expect(lines.find((line) => line.startsWith('opinion: c@'))).toContain(
      'inconclusive score 0.500: the model is untrained',
    );
    expect(lines).toContain('verdict: real score 0.000 (threshold 0.50): 0 of 1 vote for fake, by majority');
  });

  it('shows the scores after mild re-encoding, and of random weights nothing else', () => {
    const stability: Result['stability'] = {
      ...{ state: 'unknown', scores: { plain: 0.1, h264: 0.15, half: null }, spread: null, faces: [] },
      ...{ labels: { plain: 'real', h264: 'real', half: null }, clips: { planned: 3, h264: 3, half: 0 } },
    };
    const result = { ...resultOf({}), stability };
    const scores = 'stability: 0.100 as cut, 0.150 after H.264, unknown after half size';
    expect(printResult(result, options)).toContain(`${scores}: too few re-encoded clips could be scored to tell`);
    const untrained = { ...result, model: { ...result.model, trained: false } };
    expect(printResult(untrained, options)).toContain(scores);
  });

  it.each([60, 80, 120])('keeps the rows of faces within %d columns', (columns) => {
    const rows = printResult(resultOf({}, faces), options, columns).filter((line) => line.startsWith(' '));
    expect(rows).toHaveLength(3);
    for (const row of rows) expect([...row].length).toBeLessThanOrEqual(columns);
    expect(rows[1]).toMatch(/^ {2}face 1 .*[▁-█]·* 0\.731$/);
    expect(rows[2]).toMatch(/0 clips +·+ not scored$/);
  });

  it('ends the scale above the last cell of the timeline', () => {
    const [, scale, row] = printResult(resultOf({}, faces), options, undefined);
    expect([...(scale ?? '')].length).toBe([...(row ?? '')].join('').lastIndexOf('·') + 1);
  });
});
