import type { Command } from 'commander';
import { addModelsImport } from './models-import.js';
import { addModelsImportDetector } from './models-import-detector.js';
import { addModelsImportOnnx } from './models-import-onnx.js';
import { addModelsInspect } from './models-inspect.js';
import { addModelsList } from './models-list.js';
import { addModelsVerify } from './models-verify.js';

/** `styleflow models`: the bundles of this machine. */
export function addModels(program: Command): void {
  const models = program
    .command('models')
    .description('model bundles: make them from checkpoints, verify and list them');
  addModelsList(models);
  addModelsVerify(models);
  addModelsInspect(models);
  addModelsImport(models);
  addModelsImportDetector(models);
  addModelsImportOnnx(models);
}
