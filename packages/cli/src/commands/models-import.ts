import { basename, resolve } from 'node:path';
import { BUNDLE_NAME_PATTERN, JobError } from '@styleflow/contracts';
import { importBundle } from '@styleflow/models';
import { type Command, InvalidArgumentError } from 'commander';

interface ImportFlags {
  readonly content?: string;
  readonly styleGru?: string;
  readonly psp?: string;
  readonly out: string;
  readonly name?: string;
  readonly threshold: number;
  readonly untrained?: true;
  readonly parts?: true;
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
    .option('--untrained', 'the weights are random or half-finished: never call a video fake or real')
    .option('--parts', 'also write each network as a graph of its own')
    .option('--json', 'answer as JSON on stdout')
    .action(importCheckpoints);
}

async function importCheckpoints(flags: ImportFlags): Promise<void> {
  const { content, styleGru, psp, out } = flags;
  const name = flags.name ?? basename(resolve(out)).toLowerCase();
  if (!BUNDLE_NAME_PATTERN.test(name)) {
    throw new JobError(
      'invalid_request',
      `${name} is no bundle name: lower-case letters, digits, dots, - and _ (--name)`,
    );
  }
  const startedAt = performance.now();
  const bundle = await importBundle({
    checkpoints: { content, 'style-gru': styleGru, psp },
    directory: out,
    name,
    trained: flags.untrained !== true,
    threshold: flags.threshold,
    parts: flags.parts === true,
  });
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify({ id: bundle.id, digest: bundle.digest, roles: bundle.roles })}\n`);
    return;
  }
  const rows = bundle.roles.map(
    ({ role, file, tensorsUsed, tensorsUnused }) =>
      `  ${role.padEnd(10)} ${file}: ${tensorsUsed} tensors used, ${tensorsUnused.length} unused`,
  );
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const lines = [
    `${bundle.id} in ${resolve(out)} (${seconds} s)`,
    ...rows,
    `serve it: STYLEFLOW_BUNDLE=${resolve(out)}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function parseScore(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError('allowed: a number from 0 to 1');
  return value;
}
