import {
  contentShapes,
  type FamilyWidths,
  pspShapes,
  RoleTensors,
  randomTensors,
  styleGruShapes,
} from '@styleflow/checkpoints';
import { type FamilyTensors, fusedGraph } from '../networks/fuse.js';
import { type ManifestFacts, type WrittenBundle, writeBundle } from './write-bundle.js';

/**
 * Every layer of the full networks, at widths so small that one CPU core scores a clip in about 0.2 s (README "The
 * untrained bundle").
 */
export const UNTRAINED_WIDTHS: FamilyWidths = {
  content: 2,
  heads: 2,
  feedForward: 64,
  pspGroups: [2, 2, 4, 8],
  styleDim: 8,
  gruDense: 32,
};

const SEED = 20;

/** The tensors of a family with seeded random weights. */
export function randomFamily(widths: FamilyWidths, seed: number): Required<FamilyTensors> {
  const role = (name: string, shapes: ReadonlyMap<string, readonly number[]>): RoleTensors =>
    new RoleTensors(randomTensors(shapes, seed), `random ${name} weights`);
  return {
    content: role('content', contentShapes(widths, true)),
    style: { gru: role('style-gru', styleGruShapes(widths)), psp: role('psp', pspShapes(widths)) },
  };
}

/**
 * Writes the bundle with random weights: complete networks at small widths, for demonstrations and tests. Its files,
 * and so its id, are the same on every machine. It says `trained: false`, so no verdict calls a video fake or real.
 */
export function writeUntrainedBundle(directory: string): Promise<WrittenBundle> {
  const facts: ManifestFacts = {
    name: 'untrained',
    variant: 'style-content',
    trained: false,
    precision: 'fp32',
    threshold: 0.2,
    calibration: { a: 1, b: 0 },
    source: [],
    createdAt: new Date(),
  };
  return writeBundle(directory, facts, { graph: fusedGraph(randomFamily(UNTRAINED_WIDTHS, SEED)) });
}
