import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtInClips } from '@styleflow/bundles/verify';
import { expect, it } from 'vitest';
import { ContentRounding } from '../int8/round-content.js';
import { fusedGraph } from '../networks/fuse.js';
import { activationBytesPerClip } from './activation-bytes.js';
import { randomFamily, UNTRAINED_WIDTHS } from './untrained-bundle.js';

it('of a family with style the content network behind its stem alone computes in bytes, and takes less memory', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'round-'));
  try {
    const family = randomFamily(UNTRAINED_WIDTHS, 1);
    const graph = fusedGraph(family);
    const clips = [1, 2, 3, 4].map((seed) => ({
      name: `clip ${seed}`,
      read: async () => builtInClips([seed]).data as Uint8Array<ArrayBuffer>,
    }));
    await new ContentRounding({ clips, weightBits: 7 }, { directory: join(folder, 'bundle') }).round(
      graph,
      family.content,
    );
    const weightsOf = (opType: string, at: number) =>
      graph.nodes.flatMap((node) => (node.opType === opType ? (node.input[at] ?? '') : ''));
    const rounded = weightsOf('QLinearConv', 3).filter((name) => name !== '');
    expect(rounded).toHaveLength(3 * 13 + 3);
    expect(rounded.filter((name) => !/^content\/s[234]\./.test(name))).toEqual([]);
    const floats = weightsOf('Conv', 1).filter((name) => /^content\//.test(name));
    expect(new Set(floats)).toEqual(new Set(['content/s1.pathway0_stem.conv.weight']));
    expect(graph.nodes.filter(({ opType }) => opType === 'QLinearAdd')).toHaveLength(13);
    expect(activationBytesPerClip(graph)).toBeLessThanOrEqual(activationBytesPerClip(fusedGraph(family)));
    // What was written for the runs is gone.
    expect(await readdir(folder)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
