import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type ExecutionProvider, inferenceSettings } from '@styleflow/inference';
import {
  inspectCheckpoint,
  type OpenedBundle,
  openBundle,
  untrainedBundleDirectory,
  type VerifiedBundle,
  verifyBundle,
} from '@styleflow/models';
import { type Command, InvalidArgumentError } from 'commander';
import { addModelsImport } from './models-import.js';
import { addModelsImportOnnx } from './models-import-onnx.js';

/** Where bundles of this machine are kept by habit; any other folder may be named. */
const BUNDLES_FOLDER = '.styleflow/bundles';

/** `styleflow models`: the bundles of this machine. */
export function addModels(program: Command): void {
  const models = program.command('models').description('model bundles');
  models
    .command('list')
    .description('bundles on this machine, with their ids')
    .option('--dir <dir>', 'folder that holds bundle folders', BUNDLES_FOLDER)
    .option('--json', 'answer as JSON on stdout')
    .action(async ({ dir, json }: { dir: string; json?: true }) => {
      const bundles = await Promise.all((await bundleFolders(dir)).map(openBundle));
      print(bundles, json === true);
    });
  models
    .command('verify')
    .argument('<dir>', "a bundle's folder")
    .description('verify the digest of every file, run the graph on a built-in clip, compare with what was recorded')
    .option('--record', 'store what the graph gives now, to compare with from here on')
    .option('--providers <list>', 'execution providers, in order', parseProviders, ['cpu'])
    .option('--json', 'answer as JSON on stdout')
    .action(verify);
  models
    .command('inspect')
    .argument('<file>', 'a PyTorch or safetensors checkpoint')
    .description('what a checkpoint is, its tensors, and which role it can fill; nothing of it is executed')
    .option('--json', 'answer as JSON on stdout')
    .action((file: string, { json }: { json?: true }) => inspect(file, json === true));
  addModelsImport(models);
  addModelsImportOnnx(models);
}

interface VerifyFlags {
  readonly record?: true;
  readonly providers: readonly ExecutionProvider[];
  readonly json?: true;
}

async function verify(dir: string, { record, providers, json }: VerifyFlags): Promise<void> {
  const opened = await openBundle(dir);
  if (opened.graphPath === null) return print([opened], json === true);
  const { bundle, ...run } = await verifyBundle(dir, { providers, record: record === true });
  if (json === true) {
    process.stdout.write(`${JSON.stringify([{ ...rowOf(bundle), ...run }])}\n`);
    return;
  }
  print([bundle], false);
  process.stdout.write(`  ran on ${run.provider} in ${run.seconds.toFixed(2)} s; ${EXPECTATIONS[run.expectations]}\n`);
  for (const [name, difference] of Object.entries(run.differences)) {
    process.stdout.write(`  ${name.padEnd(10)} at most ${difference.toExponential(1)} from what was recorded\n`);
  }
}

const EXPECTATIONS = {
  matched: 'it gives what was recorded',
  recorded: 'recorded what it gives',
  none: 'nothing is recorded to compare with (--record)',
} as const satisfies Record<VerifiedBundle['expectations'], string>;

const TENSORS_SHOWN = 20;

async function inspect(path: string, json: boolean): Promise<void> {
  const report = await inspectCheckpoint(path);
  if (json) {
    process.stdout.write(`${JSON.stringify(report)}\n`);
    return;
  }
  const { file, format, wrapping, beside, role, looksLike, unreadable, parameters, tensors } = report;
  const rows = tensors
    .slice(0, TENSORS_SHOWN)
    .map(({ name, type, shape }) => `  ${name}  ${type} [${shape.join(', ')}]`);
  const lines = [
    `${file}: ${format}, ${tensors.length} tensors, ${parameters} parameters`,
    `role:     ${role === undefined ? `none that is known${looksLike ? `: it looks like ${looksLike}` : ''}` : role.role}`,
    ...(role ? [`prefix:   ${role.prefix || 'none'}${role.styleAttention ? ' (with the style attention)' : ''}`] : []),
    `wrapping: ${wrapping.length === 0 ? 'none' : wrapping.join(', ')}`,
    `beside:   ${beside.length === 0 ? 'nothing' : beside.join(', ')}`,
    ...Object.entries(unreadable).map(([name, what]) => `  ${name}  not readable: ${what}`),
    ...rows,
    ...(tensors.length > TENSORS_SHOWN ? [`  and ${tensors.length - TENSORS_SHOWN} more: --json lists all`] : []),
  ];
  // Names come from the file: codes that would steer the terminal are taken out.
  process.stdout.write(`${lines.map((line) => line.replace(/\p{Cc}/gu, '?')).join('\n')}\n`);
}

async function bundleFolders(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => join(dir, entry.name));
  return [untrainedBundleDirectory(), ...folders];
}

function print(bundles: readonly OpenedBundle[], json: boolean): void {
  const rows = bundles.map(rowOf);
  const lines = rows.map(
    ({ id, variant, precision, trained, threshold, directory }) =>
      `${id}  ${variant}, ${precision}, ${trained ? 'trained' : 'untrained'}, threshold ${threshold}, digests match\n  ${directory}`,
  );
  process.stdout.write(json ? `${JSON.stringify(rows)}\n` : `${lines.join('\n')}\n`);
}

function rowOf({ id, digest, directory, manifest }: OpenedBundle) {
  const { variant, precision, trained, threshold } = manifest;
  return { id, digest, directory, variant, precision, trained, threshold };
}

function parseProviders(text: string): ExecutionProvider[] {
  const parsed = inferenceSettings.STYLEFLOW_EXECUTION_PROVIDERS.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(parsed.error.issues[0]?.message ?? 'allowed: a list of execution providers');
}
