import { ClipScoreSchema } from '@styleflow/contracts';
import { describe, expect, it } from 'vitest';
import { readClipScores } from './read-clip-scores.js';

const float = (dims: readonly number[], at: (index: number) => number) => ({
  type: 'float32' as const,
  dims,
  data: Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, index) => at(index)),
});
const RUN = { batchSize: 4, provider: 'cpu', graph: 'styleflow.onnx', runtime: 'runtime 1' } as const;

describe('readClipScores', () => {
  it('answers one score a clip and leaves out the padding', () => {
    const scores = readClipScores({ logit: float([4], (index) => index + 0.5) }, 3, RUN);
    expect(scores).toEqual([0.5, 1.5, 2.5].map((logit) => ({ value: { v: 1, logit, ...RUN } })));
  });

  it('cuts style flow and attention into the rows and columns of each clip', () => {
    const outputs = {
      logit: float([4], () => 0),
      style_flow: float([4, 31, 18], (index) => index),
      attention: float([4, 16, 16], (index) => index / 1024),
    };
    const second = readClipScores(outputs, 2, RUN)[1];
    if (!second || 'error' in second) throw new Error('the clip has no score');
    expect(ClipScoreSchema.parse(second.value)).toEqual(second.value);
    expect(second.value.styleFlow?.map((row) => row.length)).toEqual(new Array(31).fill(18));
    expect(second.value.styleFlow?.[2]?.[3]).toBe(31 * 18 + 2 * 18 + 3);
    expect(second.value.attention?.[15]?.[15]).toBe(0.4990234);
  });

  it('fails a clip whose logit is no number, and no other', () => {
    const scores = readClipScores({ logit: float([4], (index) => (index === 1 ? Number.NaN : 1)) }, 3, RUN);
    expect(scores.map((score) => 'error' in score)).toEqual([false, true, false]);
    expect(scores[1]).toMatchObject({ error: { code: 'inference_failed', retryable: false } });
  });

  it('refuses a graph whose outputs are not those of a bundle', () => {
    expect(() => readClipScores({}, 1, RUN)).toThrow('the graph gives nothing as logit, expected float32 [4]');
    expect(() => readClipScores({ logit: float([4, 1], () => 0) }, 1, RUN)).toThrow('gives float32 [4,1] as logit');
    expect(() =>
      readClipScores({ logit: float([4], () => 0), style_flow: float([4, 31, 17], () => 0) }, 1, RUN),
    ).toThrow('style_flow, expected float32 [4,31,18]');
  });
});
