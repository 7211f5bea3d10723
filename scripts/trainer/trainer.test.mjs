// @module-tag torch
// @module-tag ffmpeg
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readPythonTests, sentenceOf } from './read-python-tests.mjs';
import { runPytest, TRAINER } from './run-pytest.mjs';

/** @type {import('./run-pytest.mjs').PytestRun} */
let run;
beforeAll(async () => {
  run = await runPytest();
}, 900_000);

/** Each of the trainer's tests by its own name, so that the last line of `npm test` counts them. */
describe.each(readPythonTests(join(TRAINER, 'tests')))('packages/trainer/tests/$file', ({ file, tests }) => {
  it.each(tests.map((name) => ({ name, sentence: sentenceOf(name) })))('$sentence', ({ name }) => {
    const test = `${file}::${name}`;
    // One that never ran says why in pytest's own words.
    expect(run.ran.has(test) ? (run.failures.get(test) ?? []).join('\n') : run.output).toBe('');
  });
});
