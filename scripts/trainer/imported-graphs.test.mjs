// @module-tag torch
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROOT } from '../set-up/root.mjs';
import { runPython } from './run-pytest.mjs';

/** As the contract bounds it for fp32. */
const BOUND = 1e-4;

/** `TRAINED_SIZE=published npm test -- imported-graphs`: at the published widths, in minutes and 8 GB. */
const SIZE = process.env.TRAINED_SIZE === 'published' ? ['published'] : [];

const folder = mkdtempSync(join(tmpdir(), 'trained-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** @type {Record<string, number[]>} */
let expected;
beforeAll(async () => {
  const told = await runPython(['tests/write_forward.py', folder, ...SIZE]);
  expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8') || told);
  const checkpoints = ['--content', join(folder, 'content.pth'), '--style-gru', join(folder, 'style-gru.pth')];
  const psp = ['--psp', join(ROOT, 'packages/testing/fixtures/tiny/psp-tiny.pt')];
  const out = ['--parts', '--name', 'trained', '--out', join(folder, 'bundle')];
  const command = [join(ROOT, 'packages/cli/dist/main.js'), 'models', 'import', ...checkpoints, ...psp, ...out];
  const done = spawnSync(process.execPath, command, { encoding: 'utf8' });
  expect(done.stderr + done.stdout).toContain('trained@');
  expect(done.status).toBe(0);
}, 1_200_000);

/**
 * @param {string} graph
 * @param {import('../../packages/inference/dist/index.js').Feeds} feeds
 */
async function run(graph, feeds) {
  const { openSession } = await import('../../packages/inference/dist/index.js');
  const session = await openSession(join(folder, 'bundle', graph), { providers: ['cpu'], threads: 1 });
  try {
    return await session.run(feeds);
  } finally {
    await session.release();
  }
}

/**
 * Within the bound, or that share of the largest value.
 * @param {{ data: ArrayLike<number | bigint> } | undefined} tensor
 * @param {string} name
 */
function expectOutput(tensor, name) {
  const values = expected[name] ?? [];
  const actual = Array.from(tensor?.data ?? [], Number);
  expect(actual.length).toBe(values.length);
  const largest = Math.max(1, ...values.map(Math.abs));
  const apart = Math.max(...actual.map((value, at) => Math.abs(value - (values[at] ?? 0))));
  expect(apart, name).toBeLessThanOrEqual(BOUND * largest);
}

it('the imported StyleGRU gives what the trainer’s gives', async () => {
  const flow = Float32Array.from(expected.flow ?? []);
  const outputs = await run('style-gru.onnx', {
    flow: { type: 'float32', dims: [1, 31, flow.length / 31], data: flow },
  });
  expectOutput(outputs.embedding, 'embedding');
  expectOutput(outputs.logit, 'style_logit');
});

it('the graph that workers run gives the trainer’s logit and attention from the bytes of a clip', async () => {
  const { readNpy, TINY } = await import('../../packages/testing/dist/models/index.js');
  const data = Uint8Array.from(readNpy(`${TINY}clips.npy`).values);
  const outputs = await run('styleflow.onnx', { clips: { type: 'uint8', dims: [1, 32, 256, 256, 3], data } });
  expectOutput(outputs.logit, 'logit');
  expectOutput(outputs.attention, 'attention');
});
