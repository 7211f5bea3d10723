import { resolve } from 'node:path';
import { importDetector } from '@styleflow/models';
import type { Command } from 'commander';

interface ImportDetectorFlags {
  readonly retinaface: string;
  readonly out: string;
  readonly json?: true;
}

/** `styleflow models import-detector`: a RetinaFace checkpoint becomes a face detector that CPU workers can use. */
export function addModelsImportDetector(models: Command): void {
  models
    .command('import-detector')
    .description('make a face detector for STYLEFLOW_DETECTOR, in place of the bundled one, from a checkpoint')
    .requiredOption('--retinaface <file>', 'RetinaFace with a MobileNet 0.25 body')
    .requiredOption('--out <dir>', "the detector's folder")
    .option('--json', 'answer as JSON on stdout')
    .action(importCheckpoint);
}

async function importCheckpoint({ retinaface, out, json }: ImportDetectorFlags): Promise<void> {
  const { manifest, tensorsUsed, parameters } = await importDetector({ retinaface, directory: out });
  const directory = resolve(out);
  const { kind, files, thresholds } = manifest;
  if (json === true) {
    process.stdout.write(`${JSON.stringify({ kind, directory, files, thresholds, tensorsUsed, parameters })}\n`);
    return;
  }
  const lines = [
    `${kind} in ${directory}`,
    `  ${tensorsUsed} tensors, ${parameters} parameters`,
    `  faces from a score of ${thresholds.minScore}`,
    `use it: STYLEFLOW_DETECTOR=${directory}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
