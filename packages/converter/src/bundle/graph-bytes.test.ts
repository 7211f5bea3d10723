import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { graphBytes, openBundle } from '@styleflow/bundles';
import { afterAll, expect, it } from 'vitest';
import { fusedGraph } from '../networks/fuse.js';
import { contentPart } from '../networks/fuse-parts.js';
import { randomFamily, UNTRAINED_WIDTHS } from './untrained-bundle.js';
import { type ManifestFacts, writeBundle } from './write-bundle.js';

const folder = await mkdtemp(join(tmpdir(), 'graph-bytes-'));
afterAll(() => rm(folder, { recursive: true }));

it('the graph of a bundle takes its own file and the shared weights, not the parts', async () => {
  const { content } = randomFamily(UNTRAINED_WIDTHS, 1);
  const directory = join(folder, 'bundle');
  const facts: ManifestFacts = {
    name: 'shared',
    variant: 'content',
    trained: false,
    precision: 'fp32' as const,
    threshold: 0.2,
    calibration: { a: 1, b: 0 },
    source: [],
    createdAt: new Date(),
  };
  const parts = { 'content.onnx': contentPart(content) };
  await writeBundle(directory, facts, { graph: fusedGraph({ content }), parts }, { largestModelBytes: 1024 });
  const sizes = await Promise.all(
    ['styleflow.onnx', 'styleflow.data'].map(async (file) => (await stat(join(directory, file))).size),
  );
  expect(await graphBytes(await openBundle(directory))).toBe((sizes[0] ?? 0) + (sizes[1] ?? 0));
});
