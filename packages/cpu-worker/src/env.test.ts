import { describe, expect, it } from 'vitest';
import { fetchConcurrency, prepareConcurrency, readEnv } from './env.js';

const GB = 1e9;

describe('prepareConcurrency', () => {
  it.each([
    [1, 64, 1],
    [4, 64, 4],
    [16, 4, 3],
    [16, 1, 1],
    [128, 1024, 64],
  ])('uses %d cores with %d GB of memory for %d videos at once', (cores, memory, videos) => {
    const env = readEnv({ STYLEFLOW_STORE: 'file:/tmp/store' });
    expect(prepareConcurrency(env, { cores, memoryBytes: memory * GB })).toBe(videos);
  });

  it('is what the operator says, whatever the machine', () => {
    const env = readEnv({ STYLEFLOW_STORE: 'file:/tmp/store', STYLEFLOW_PREPARE_CONCURRENCY: '5' });
    expect(prepareConcurrency(env, { cores: 1, memoryBytes: GB })).toBe(5);
  });
});

describe('fetchConcurrency', () => {
  it.each([
    ['0', 2, 1_000, 16],
    ['0', 8, 1_000, 32],
    ['40', 2, 1_000, 40],
    ['0', 2, 10, 5],
    ['0', 2, 1, 2],
  ])('of %s with %d videos at once and %d GB of scratch space is %d sources', (wanted, videos, scratch, sources) => {
    const env = readEnv({ STYLEFLOW_STORE: 'file:/tmp/store', STYLEFLOW_FETCH_CONCURRENCY: wanted });
    expect(fetchConcurrency(env, videos, scratch * GB)).toBe(sources);
  });
});

describe('readEnv', () => {
  it('refuses the key that signs results: this process decodes', () => {
    const env = { STYLEFLOW_STORE: 'file:/tmp/store', STYLEFLOW_SIGNING_KEY: '/etc/signing.json' };
    expect(() => readEnv(env)).toThrow('STYLEFLOW_SIGNING_KEY: it belongs to the API alone, which decodes nothing');
  });
});
