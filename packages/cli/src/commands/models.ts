import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type OpenedBundle, openBundle, untrainedBundleDirectory } from '@styleflow/models';
import type { Command } from 'commander';

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
