import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { inheritedEnv, pythonSetting } from '../env.js';
import { EXIT } from '../exit-codes.js';
import { findPython } from '../python/find-python.js';
import { runPython } from '../python/run-python.js';
import { trainerFolder } from '../python/trainer-folder.js';

interface TrainFlags {
  readonly python?: string;
  readonly cards?: number;
  readonly printCommand?: true;
}

/** What each stage makes, and as what `models import` takes it. */
const STAGES = {
  'style-gru': { about: 'stage 1: style codes → the StyleGRU', role: '--style-gru' },
  detector: { about: 'stage 2: clips → content network, style attention, transformer', role: '--content' },
  'fine-tune': { about: 'goes on from any checkpoint that `models inspect` knows', role: '--content' },
} as const;

const MODULE = 'styleflow_trainer';

const ABOUT = `
Everything else is the trainer's own: \`styleflow train STAGE -- --help\` shows it, docs/training.md tells it.
Ctrl-C and SIGTERM are passed on; an interrupted run is resumed.`;

/** `styleflow train`: finds a Python that has PyTorch and starts the trainer there. */
export function addTrain(program: Command): void {
  const train = program
    .command('train')
    .description('train networks on data sets, with PyTorch')
    .enablePositionalOptions();
  for (const [stage, { about, role }] of Object.entries(STAGES)) {
    train
      .command(stage)
      .description(about)
      .argument('[arguments...]', "the trainer's arguments")
      .option('--python <program>', 'the Python to use (STYLEFLOW_PYTHON; default: the first python3 with PyTorch)')
      .option('--cards <n>', 'processes of this machine, one a card', parseCards)
      .option('--print-command', 'only print the torchrun line, for a cluster’s own starter')
      .addHelpText('after', ABOUT)
      .allowUnknownOption()
      .passThroughOptions()
      .action(async (args: string[], flags: TrainFlags) => {
        await start(stage, role, args, flags);
      });
  }
}

async function start(stage: string, role: string, args: readonly string[], flags: TrainFlags): Promise<void> {
  const modules = await trainerFolder();
  if (flags.printCommand === true) {
    process.stdout.write(`${torchrunLine(modules, stage, args, flags.cards)}\n`);
    return;
  }
  const named = flags.python ?? pythonSetting;
  const python = await findPython({ named, path: inheritedEnv.PATH ?? '', needsTorch: true });
  process.stderr.write(`python: ${python.path} (${python.words})\n`);
  const launcher =
    flags.cards === undefined || flags.cards === 1
      ? ['-m', MODULE]
      : ['-m', 'torch.distributed.run', '--standalone', `--nproc_per_node=${flags.cards}`, '-m', MODULE];
  const { code } = await runPython(python.path, [...launcher, stage, ...args], modules);
  process.exitCode = code;
  const best = code === EXIT.done ? await bestOf(args) : null;
  if (best !== null)
    process.stderr.write(`import: npx styleflow models import ${role} ${quoted(best)} --out BUNDLE\n`);
}

/** The checkpoint of the run folder that the arguments name; null when there is none (`--help`, an aborted run). */
async function bestOf(args: readonly string[]): Promise<string | null> {
  const joined = args.find((each) => each.startsWith('--out='))?.slice('--out='.length);
  const out = joined ?? args[args.indexOf('--out') + 1];
  if (out === undefined || (joined === undefined && !args.includes('--out'))) return null;
  for (const name of ['best.pth', 'last.pth']) {
    const path = join(out, name);
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return null;
}

/** What each machine of a cluster runs; the words in capitals are the cluster's. */
export function torchrunLine(modules: string, stage: string, args: readonly string[], cards = 8): string {
  const words = [
    `PYTHONPATH=${quoted(modules)}`,
    ...['torchrun', '--nnodes=NODES', '--node_rank=RANK', `--nproc_per_node=${cards}`],
    ...['--rdzv_backend=c10d', '--rdzv_endpoint=FIRST_NODE:29400', '--rdzv_id=RUN'],
    ...['-m', MODULE, stage, ...args.map(quoted)],
  ];
  return words.join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`;
}

function parseCards(text: string): number {
  const value = Number(text);
  if (!/^\d{1,3}$/.test(text) || value < 1) throw new InvalidArgumentError('allowed: a whole number from 1');
  return value;
}
