import type { Verdict } from '@styleflow/contracts';
import { describe, expect, it } from 'vitest';
import { decide } from './decide.js';
import { type EncodedView, judgeStability, withStability } from './judge-stability.js';

const TRAINED = { trained: true, threshold: 0.5 };

/** Ten clips of one face, or of two, whose highest score decides. */
function viewOf(scores: readonly (number | null)[], changes: Partial<EncodedView> = {}, bundle = TRAINED): EncodedView {
  const score = scores.reduce((top, each) => (top === null || (each !== null && each > top) ? each : top), null);
  const faces = scores.map((each, track) => ({ track, score: each }));
  return { verdict: decide({ score, tracks: faces.length, bundle }), faces, scored: 10, ...changes };
}

const judge = (plain: EncodedView, h264: EncodedView, half: EncodedView) => judgeStability(plain, { h264, half }, 10);

describe('the stability of a verdict', () => {
  it('holds where every encoding leads to the same label, with the spread of the video and of each face', () => {
    const stability = judge(viewOf([0.75, 0.25]), viewOf([0.625, 0.5]), viewOf([0.875, 0]));
    expect(stability).toEqual({
      state: 'stable',
      scores: { plain: 0.75, h264: 0.625, half: 0.875 },
      spread: 0.25,
      labels: { plain: 'fake', h264: 'fake', half: 'fake' },
      clips: { planned: 10, h264: 10, half: 10 },
      faces: [
        { track: 0, scores: { plain: 0.75, h264: 0.625, half: 0.875 }, spread: 0.25 },
        { track: 1, scores: { plain: 0.25, h264: 0.5, half: 0 }, spread: 0.5 },
      ],
    });
    const { verdict } = viewOf([0.75]);
    expect(withStability(verdict, stability)).toBe(verdict);
  });

  it.each([
    ['fake', 0.5, 0.49, 0.6],
    ['fake', 0.9, 0.9, 0.1],
    ['real', 0.4, 0.3, 0.5],
  ])('turns a verdict of %s that flips into none, with its own score', (label, plain, h264, half) => {
    const before = viewOf([plain]).verdict;
    expect(before.label).toBe(label);
    const stability = judge(viewOf([plain]), viewOf([h264]), viewOf([half]));
    expect(stability.state).toBe('unstable');
    expect(withStability(before, stability)).toEqual({
      ...{ label: 'inconclusive', reason: 'unstable', score: plain, threshold: 0.5 },
    });
  });

  it('does not hold where a verdict becomes one in doubt', () => {
    const two = { ...TRAINED, thresholds: { real: 0.3, fake: 0.5 } };
    const stability = judge(viewOf([0.6], {}, two), viewOf([0.4], {}, two), viewOf([0.6], {}, two));
    expect(stability).toMatchObject({ state: 'unstable', labels: { h264: 'inconclusive' } });
  });

  it('is unknown below four fifths of the clips of a re-encoding, and the verdict is not given either', () => {
    const [most, few] = [viewOf([0.9], { scored: 8 }), viewOf([0.9], { scored: 7 })];
    expect(judge(viewOf([0.9]), most, most).state).toBe('stable');
    const stability = judge(viewOf([0.9]), most, few);
    expect(stability).toMatchObject({
      ...{ state: 'unknown', spread: null, scores: { plain: 0.9, h264: 0.9, half: null } },
      ...{ labels: { half: null }, clips: { planned: 10, h264: 8, half: 7 }, faces: [{ scores: { half: null } }] },
    });
    expect(withStability(viewOf([0.9]).verdict, stability)).toMatchObject({
      label: 'inconclusive',
      reason: 'unstable',
    });
    // What one of them shows is shown, whatever the other would have said.
    expect(judge(viewOf([0.9]), viewOf([0.1]), few).state).toBe('unstable');
  });

  it('claims nothing where there was no verdict: random weights, no face', () => {
    const untrained = { trained: false, threshold: 0.5 };
    const made = judge(viewOf([0.9], {}, untrained), viewOf([0.1], {}, untrained), viewOf([0.9], {}, untrained));
    expect(made).toMatchObject({ state: 'no_verdict', spread: 0.8, labels: { plain: 'inconclusive' } });
    const verdict: Verdict = viewOf([0.9], {}, untrained).verdict;
    expect(withStability(verdict, made)).toBe(verdict);
    const nobody = viewOf([], { scored: 0 });
    expect(judgeStability(nobody, { h264: nobody, half: nobody }, 0)).toMatchObject({
      ...{ state: 'no_verdict', scores: { plain: null, h264: null, half: null }, spread: null, faces: [] },
    });
  });
});
