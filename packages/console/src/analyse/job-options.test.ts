import { expect, it } from 'vitest';
import { DEFAULT_CHOICES, optionsOf, withOther } from './job-options.js';

const [A, B, C] = ['a@000000000001', 'b@000000000002', 'c@000000000003'];

it('what nobody has changed is not sent', () => {
  expect(optionsOf(DEFAULT_CHOICES, A)).toEqual({});
  expect(optionsOf({ ...DEFAULT_CHOICES, combine: 'any' }, A)).toEqual({});
});

it('second opinions name the first model, too: the default one, or the one that was chosen', () => {
  expect(optionsOf({ ...DEFAULT_CHOICES, others: [B] }, A)).toEqual({ bundles: [A, B] });
  const chosen = { ...DEFAULT_CHOICES, bundle: C, others: [A, B], combine: 'any' } as const;
  expect(optionsOf(chosen, A)).toEqual({ bundles: [C, A, B], combine: 'any' });
});

it('a model is no second opinion beside itself', () => {
  expect(optionsOf({ ...DEFAULT_CHOICES, bundle: B, others: [B] }, A)).toEqual({ bundle: B });
});

it('what was chosen beside the default model stays beside it, whatever is the default later', () => {
  const chosen = withOther(DEFAULT_CHOICES, B, true, A);
  expect(optionsOf(chosen, B)).toEqual({ bundles: [A, B] });
  expect(optionsOf(withOther(chosen, C, true, B), B)).toEqual({ bundles: [A, B, C] });
  expect(optionsOf(withOther(chosen, B, false, A), C)).toEqual({ bundle: A });
});
