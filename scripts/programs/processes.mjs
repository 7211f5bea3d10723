/** The processes that are packed, each with its threads. */
export const PROCESSES = /** @type {const} */ ({
  '@styleflow/api': ['serve.js'],
  '@styleflow/cpu-worker': ['serve.js', 'prepare/prepare-thread.js', 'fetch/fetch-thread.js'],
  '@styleflow/gpu-worker': [
    'serve.js',
    'score-thread/score-thread.js',
    'score-thread/unpack-thread.js',
    '@styleflow/inference:thread/inference-thread.js',
  ],
});

/**
 * What `main.js` loads before the program, and what keeps something for all of the process: of this there must be one, not another one in
 * the packed files.
 */
export const LOADED_BEFORE = ['@styleflow/media/launcher'];
