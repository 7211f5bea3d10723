import type { Command } from 'commander';
import { addDatasetBuild } from './dataset-build.js';
import { addDatasetForge } from './dataset-forge.js';
import { addDatasetShow } from './dataset-show.js';

/** `styleflow dataset`: from labelled videos to what trainers read. */
export function addDataset(program: Command): void {
  const dataset = program
    .command('dataset')
    .description('data sets for training: build, look at, add forged fakes')
    .enablePositionalOptions();
  addDatasetBuild(dataset);
  addDatasetShow(dataset);
  addDatasetForge(dataset);
}
