import { describe, expect, it } from 'vitest';
import { ModelBundleSchema } from './model-bundle.js';

const SHA = 'a'.repeat(64);
const FACTS = { weightBits: 7, rangeClips: 1, heldOutClips: 1, logitMovement: { largest: 0.1, mean: 0.05 } };

const bundle = (changes: object) => ({
  ...{ format: 1, name: 'a', variant: 'content', trained: true, clip: { frames: 32, size: 256 } },
  ...{ threshold: 0.2, calibration: { a: 1, b: 0 }, graph: 'styleflow.onnx', bytesPerClip: 1 },
  ...{ files: { 'styleflow.onnx': SHA }, source: [], createdAt: '2026-01-01T00:00:00.000Z' },
  ...changes,
});

describe('bundle.json', () => {
  it.each([
    [{ precision: 'fp32' }, true],
    [{ precision: 'int8', int8: FACTS }, true],
    [{ precision: 'int8' }, false],
    [{ precision: 'fp16', int8: FACTS }, false],
  ])('tells how int8 was reached where that is the precision, and there alone: %j', (changes, isRead) => {
    expect(ModelBundleSchema.safeParse(bundle(changes)).success).toBe(isRead);
  });
});
