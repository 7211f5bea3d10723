import { expect, it } from 'vitest';
import { ModelBundleSchema } from './model-bundle.js';
import { styleMeans } from './style-groups.js';

it('the style flow of a clip has a mean for each group of layers: 1–4, 5–8, 9–18', () => {
  const step = Array.from({ length: 18 }, (_, layer) => (layer < 4 ? 1 : layer < 8 ? 2 : 3));
  const twice = step.map((value) => value * 3);
  expect(styleMeans([step, twice])).toEqual({ coarse: 2, middle: 4, fine: 6 });
});

it('a group of which the model has no layer has no mean', () => {
  expect(styleMeans([[1, 1, 1, 1, 5]])).toEqual({ coarse: 1, middle: 5, fine: null });
  expect(styleMeans([])).toEqual({ coarse: null, middle: null, fine: null });
});

it('bundles are valid without a band of style flow, and not with one whose bounds fall', () => {
  const { styleBand } = ModelBundleSchema.shape;
  const groups = { coarse: [0.1, 0.2, 0.3], middle: [0.1, 0.2, 0.3], fine: [0.1, 0.2, 0.3] };
  expect(styleBand.safeParse(undefined).success).toBe(true);
  expect(styleBand.safeParse({ groups, videos: 20, clips: 40 }).success).toBe(true);
  expect(styleBand.safeParse({ groups: { ...groups, fine: [0.3, 0.2, 0.3] }, videos: 20, clips: 40 }).success).toBe(
    false,
  );
});
