import { basename, resolve } from 'node:path';
import { importOnnx } from '@styleflow/converter';
import type { Command } from 'commander';
import { replacedLines } from '../view/print-import.js';
import { REPLACE_HELP } from './replace-help.js';

interface ImportOnnxFlags {
  readonly descriptor: string;
  readonly out: string;
  readonly name?: string;
  readonly untrained?: true;
  readonly replace?: true;
  readonly json?: true;
}

/** `styleflow models import-onnx`: any ONNX clip classifier becomes a bundle that workers serve. */
export function addModelsImportOnnx(models: Command): void {
  models
    .command('import-onnx')
    .argument('<model>', 'an ONNX file; weights in files beside it are brought along')
    .description('wrap another clip classifier into a bundle; a descriptor says what it takes and gives')
    .requiredOption(
      '--descriptor <file>',
      'JSON: layout, size, output and, where they differ from the defaults, the rest',
    )
    .requiredOption('--out <dir>', "the bundle's folder")
    .option('--name <name>', "the bundle's name (default: the descriptor's, else the folder's)")
    .option('--untrained', 'the weights are random or half-finished: never call a video fake or real')
    .option('--replace', REPLACE_HELP)
    .option('--json', 'answer as JSON on stdout')
    .action(importModel);
}

async function importModel(model: string, flags: ImportOnnxFlags): Promise<void> {
  const startedAt = performance.now();
  const bundle = await importOnnx({
    model,
    descriptor: flags.descriptor,
    directory: flags.out,
    mayReplaceOther: flags.replace === true,
    name: flags.name,
    fallbackName: basename(resolve(flags.out)).toLowerCase(),
    trained: flags.untrained !== true,
  });
  const { id, digest, replaced, manifest, runs, logit, notes } = bundle;
  const { bytesPerClip, precision, trained, threshold } = manifest;
  if (flags.json === true) {
    const answer = { id, digest, replaced, runs, logit, notes, bytesPerClip, precision, trained, threshold };
    process.stdout.write(`${JSON.stringify(answer)}\n`);
    return;
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const how = { together: 'clips of a batch together', 'in-turn': 'one after another inside the graph' }[runs];
  const lines = [
    `${id} in ${resolve(flags.out)} (${seconds} s)`,
    ...replacedLines(replaced),
    `  ${precision}, ${trained ? 'trained' : 'untrained'}, threshold ${threshold}`,
    `  runs:   ${how}`,
    `  memory: ${(bytesPerClip / 1e6).toFixed(0)} MB a clip, as measured on the CPU`,
    `  logit:  ${logit} for the built-in clip`,
    ...notes.map((note) => `  note:   ${note}`),
    `serve it: STYLEFLOW_BUNDLE=${resolve(flags.out)}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
