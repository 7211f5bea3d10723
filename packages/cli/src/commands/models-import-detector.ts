import { resolve } from 'node:path';
import { JobError } from '@styleflow/contracts';
import { importDetector, importOnnxDetector } from '@styleflow/converter';
import type { Command } from 'commander';
import { replacedLines } from '../view/print-import.js';
import { REPLACE_HELP } from './replace-help.js';

interface ImportDetectorFlags {
  readonly retinaface?: string;
  readonly onnx?: string;
  readonly descriptor?: string;
  readonly out: string;
  readonly replace?: true;
  readonly json?: true;
}

/** `styleflow models import-detector`: a checkpoint or an ONNX file becomes a face detector that CPU workers can use. */
export function addModelsImportDetector(models: Command): void {
  models
    .command('import-detector')
    .description('make a face detector for STYLEFLOW_DETECTOR, in place of the bundled one')
    .option('--retinaface <file>', 'a checkpoint: RetinaFace with a MobileNet 0.25 body')
    .option('--onnx <file>', 'a YuNet or SCRFD in ONNX, with --descriptor')
    .option(
      '--descriptor <file>',
      'JSON: {"family": "yunet"} or {"family": "scrfd"} and what differs from its defaults',
    )
    .requiredOption('--out <dir>', "the detector's folder")
    .option('--replace', REPLACE_HELP)
    .option('--json', 'answer as JSON on stdout')
    .action(importFlagged);
}

async function importFlagged({ retinaface, onnx, descriptor, out, replace, json }: ImportDetectorFlags): Promise<void> {
  const directory = resolve(out);
  const place = { directory, mayReplaceOther: replace === true };
  const { answer, lines } =
    retinaface !== undefined && onnx === undefined && descriptor === undefined
      ? await importCheckpoint(retinaface, place)
      : retinaface === undefined && onnx !== undefined && descriptor !== undefined
        ? await importOnnx(onnx, descriptor, place)
        : refuseFlags();
  if (json === true) process.stdout.write(`${JSON.stringify({ ...answer, directory })}\n`);
  else process.stdout.write(`${[...lines, `use it: STYLEFLOW_DETECTOR=${directory}`].join('\n')}\n`);
}

interface Place {
  readonly directory: string;
  readonly mayReplaceOther: boolean;
}

interface Report {
  readonly answer: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
}

function refuseFlags(): never {
  throw new JobError('invalid_request', 'either --retinaface FILE, or --onnx FILE with --descriptor FILE is needed');
}

async function importCheckpoint(retinaface: string, place: Place): Promise<Report> {
  const { manifest, replaced, tensorsUsed, parameters } = await importDetector({ retinaface, ...place });
  const { kind, files, thresholds } = manifest;
  return {
    answer: { kind, replaced, files, thresholds, tensorsUsed, parameters },
    lines: [
      `${kind} in ${place.directory}`,
      ...replacedLines(replaced),
      `  ${tensorsUsed} tensors, ${parameters} parameters`,
      `  faces from a score of ${thresholds.minScore}`,
    ],
  };
}

async function importOnnx(model: string, descriptor: string, place: Place): Promise<Report> {
  const { manifest, replaced, notes } = await importOnnxDetector({ model, descriptor, ...place });
  const { kind, files, thresholds, network } = manifest;
  const seen = network.size === 'native' ? 'at its own size' : `fitted into ${network.size.join(' × ')} pixels`;
  return {
    answer: { kind, replaced, files, thresholds, network, notes },
    lines: [
      `${kind} in ${place.directory}`,
      ...replacedLines(replaced),
      `  sees each frame ${seen}, ${network.colour}`,
      `  faces from a score of ${thresholds.minScore}, new tracks from ${thresholds.startScore}`,
      ...notes.map((note) => `  note: ${note}`),
    ],
  };
}
