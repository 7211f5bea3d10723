import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { verifyBundle } from '@styleflow/bundles/verify';
import { BUNDLE_NAME_PATTERN, JobError, type Precision, PrecisionSchema } from '@styleflow/contracts';
import { type ImportedBundle, importBundle } from '@styleflow/converter';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type FoundClips, findTrialClips } from '../trial-clips/find-trial-clips.js';
import { bytesOnScreen } from '../view/import-progress.js';
import { printImport } from '../view/print-import.js';
import { watchInterruption } from './interruption.js';
import { REPLACE_HELP } from './replace-help.js';

interface ImportFlags {
  readonly content?: string;
  readonly styleGru?: string;
  readonly psp?: string;
  readonly out: string;
  readonly name?: string;
  readonly threshold: number;
  readonly precision: Precision;
  readonly int8Clips?: readonly string[];
  readonly int8Vnni?: true;
  readonly errorClips: number;
  readonly untrained?: true;
  readonly parts?: true;
  readonly record?: true;
  readonly replace?: true;
  readonly json?: true;
}

/** `styleflow models import`: checkpoints become a bundle that workers serve. */
export function addModelsImport(models: Command): void {
  models
    .command('import')
    .description('make a bundle from checkpoints: content alone, or content, style-gru and psp together')
    .option('--content <file>', 'content network and temporal transformer')
    .option('--style-gru <file>', 'StyleGRU')
    .option('--psp <file>', 'pSp encoder')
    .requiredOption('--out <dir>', "the bundle's folder")
    .option('--name <name>', "the bundle's name (default: the folder's)")
    .option('--threshold <score>', 'lowest score that is called fake', parseScore, 0.2)
    .addOption(
      new Option('--precision <precision>', 'of weights and convolutions; int8: for workers without a card')
        .choices(PrecisionSchema.options)
        .default('fp32'),
    )
    .option('--int8-clips <dir or job...>', 'int8: folders of .clip files, or jobs that kept theirs (keepCrops)')
    .option('--int8-vnni', 'int8: weights of 8 bits instead of 7, for processors with VNNI alone')
    .option(
      '--error-clips <n>',
      'clips on which fp16 is compared with fp32 and its largest values are looked for; 0: neither',
      parseCount,
      1,
    )
    .option('--untrained', 'the weights are random or half-finished: never call a video fake or real')
    .option('--parts', 'also write each network as a graph of its own; with it any role may come alone')
    .option('--record', 'run the result on a built-in clip and keep what it gives, for models verify')
    .option('--replace', REPLACE_HELP)
    .option('--json', 'answer as JSON on stdout')
    .action(importCheckpoints);
}

async function importCheckpoints(flags: ImportFlags): Promise<void> {
  const startedAt = performance.now();
  const bundle = await runImport(flags);
  const seconds = (performance.now() - startedAt) / 1000;
  const directory = resolve(flags.out);
  if (flags.record === true) await verifyBundle(directory, { providers: ['cpu'], record: true });
  const files = await sizesOf(directory, Object.keys(bundle.manifest.files));
  if (flags.json === true) {
    const { id, digest, replaced, roles, manifest } = bundle;
    const { rounding = null, peaks: largestHalves = null } = bundle.halves ?? {};
    const { variant, precision, bytesPerClip } = manifest;
    const { int8 } = bundle;
    const facts = { id, digest, directory, replaced, variant, precision, rounding, largestHalves, int8, bytesPerClip };
    process.stdout.write(`${JSON.stringify({ ...facts, roles, files, seconds })}\n`);
    return;
  }
  process.stdout.write(`${printImport(bundle, { directory, files, seconds }).join('\n')}\n`);
}

async function runImport(flags: ImportFlags): Promise<ImportedBundle> {
  const { content, styleGru, psp, out } = flags;
  const name = flags.name ?? basename(resolve(out)).toLowerCase();
  if (!BUNDLE_NAME_PATTERN.test(name)) {
    throw new JobError(
      'invalid_request',
      `${name} is no bundle name: lower-case letters, digits, dots, - and _ (--name)`,
    );
  }
  if (flags.int8Vnni === true && flags.precision !== 'int8')
    throw new JobError('invalid_request', `--int8-vnni goes with --precision int8, not ${flags.precision}`);
  const { signal, release } = watchInterruption('interrupted: no bundle was written');
  const screen = bytesOnScreen(name, process.stderr);
  let found: FoundClips | undefined;
  try {
    found = flags.int8Clips && (await findTrialClips(flags.int8Clips));
    return await importBundle({
      checkpoints: { content, 'style-gru': styleGru, psp },
      directory: out,
      mayReplaceOther: flags.replace === true,
      name,
      trained: flags.untrained !== true,
      threshold: flags.threshold,
      precision: flags.precision,
      errorClips: flags.errorClips,
      ...(found && { int8: { clips: found.clips, weightBits: flags.int8Vnni === true ? 8 : 7 } }),
      parts: flags.parts === true,
      onProgress: screen.show,
      signal,
    });
  } finally {
    await found?.close();
    screen.end();
    release();
  }
}

async function sizesOf(directory: string, names: readonly string[]): Promise<Record<string, number>> {
  const sizes: Record<string, number> = {};
  for (const name of names) sizes[name] = (await stat(join(directory, name))).size;
  return sizes;
}

const MOST_ERROR_CLIPS = 1000;

function parseCount(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= MOST_ERROR_CLIPS) return value;
  throw new InvalidArgumentError(`allowed: a whole number from 0 to ${MOST_ERROR_CLIPS}`);
}

function parseScore(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError('allowed: a number from 0 to 1');
  return value;
}
