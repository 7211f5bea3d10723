import { expect, it } from 'vitest';
import { modelThreads } from './share-cores.js';

it("the model has as many threads as cores that the worker may use, and the runtime's own number where it may use all", () => {
  expect(modelThreads(8, 8)).toBe(0);
  expect(modelThreads(2, 8)).toBe(2);
  // As in a container that is bound to one core (`--cpuset-cpus`): the runtime would bind a thread to another one.
  expect(modelThreads(1, 2)).toBe(1);
});
