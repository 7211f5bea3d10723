import { JobError } from '@styleflow/contracts';
import { type Command, InvalidArgumentError } from 'commander';
import { inheritedEnv, pythonSetting } from '../env.js';
import { findPython } from '../python/find-python.js';
import { runPython } from '../python/run-python.js';
import { trainerFolder } from '../python/trainer-folder.js';

interface TrainFlags {
  readonly python?: string;
  readonly cards?: number;
  readonly printCommand?: true;
}

const STAGES = {
  'style-gru': 'stage 1: style codes → the StyleGRU',
  detector: 'stage 2: clips → content network, style attention, transformer',
  'fine-tune': 'goes on from any checkpoint that `models inspect` knows',
} as const;

/** The trainer's exit code after a signal, once all is saved. */
const STOPPED = 143;

const MODULE = 'styleflow_trainer';

const ABOUT = `
Everything else is the trainer's own: \`styleflow train STAGE -- --help\` shows it; docs/training.md is the guide.
Ctrl-C and SIGTERM are passed on: the trainer saves everything, and --resume goes on. At the end it says how to import the checkpoint.`;

/** `styleflow train`: finds a Python that has PyTorch and starts the trainer there. */
export function addTrain(program: Command): void {
  const train = program
    .command('train')
    .description('train networks on data sets, with PyTorch')
    .enablePositionalOptions();
  for (const [stage, about] of Object.entries(STAGES)) {
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
        await start(stage, args, flags);
      });
  }
}

async function start(stage: string, args: readonly string[], flags: TrainFlags): Promise<void> {
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
  const { code, exitCode } = await runPython(python.path, [...launcher, stage, ...args], modules);
  if (exitCode === STOPPED)
    throw new JobError('canceled', 'stopped with everything saved; the same command with --resume goes on');
  process.exitCode = code;
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
