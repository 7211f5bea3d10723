import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { inspectCheckpoint, type OpenedBundle, openBundle, untrainedBundleDirectory } from '@styleflow/models';
import type { Command } from 'commander';
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
    .description('read the manifest and verify the digest of every file')
    .option('--json', 'answer as JSON on stdout')
    .action(async (dir: string, { json }: { json?: true }) => print([await openBundle(dir)], json === true));
  models
    .command('inspect')
    .argument('<file>', 'a PyTorch or safetensors checkpoint')
    .description('what a checkpoint is, its tensors, and which role it can fill; nothing of it is executed')
    .option('--json', 'answer as JSON on stdout')
    .action((file: string, { json }: { json?: true }) => inspect(file, json === true));
  addModelsImport(models);
  addModelsImportOnnx(models);
}

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
  const rows = bundles.map(({ id, digest, directory, manifest }) => {
    const { variant, precision, trained, threshold } = manifest;
    return { id, digest, directory, variant, precision, trained, threshold };
  });
  const lines = rows.map(
    ({ id, variant, precision, trained, threshold, directory }) =>
      `${id}  ${variant}, ${precision}, ${trained ? 'trained' : 'untrained'}, threshold ${threshold}, digests match\n  ${directory}`,
  );
  process.stdout.write(json ? `${JSON.stringify(rows)}\n` : `${lines.join('\n')}\n`);
}
