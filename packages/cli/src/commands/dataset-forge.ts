import type { Command } from 'commander';
import { inheritedEnv, pythonSetting } from '../env.js';
import { findPython } from '../python/find-python.js';
import { runPython } from '../python/run-python.js';
import { trainerFolder } from '../python/trainer-folder.js';

const ABOUT = `
The rest is the forger's own: \`styleflow dataset forge -- --help\` shows it; docs/datasets.md tells what it makes.`;

/** `styleflow dataset forge`: fakes from the real clips of a data set, made in Python. */
export function addDatasetForge(dataset: Command): void {
  dataset
    .command('forge')
    .description('make fakes of the real clips of a data set, so that one can train without any')
    .argument('[arguments...]', 'DATASET --out DIR [--seed N] [--per-clip N] [--pictures DIR] …')
    .option('--python <program>', 'the Python to use (STYLEFLOW_PYTHON; default: the first python3 with numpy)')
    .addHelpText('after', ABOUT)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (args: string[], flags: { readonly python?: string }) => {
      const modules = await trainerFolder();
      const named = flags.python ?? pythonSetting;
      const python = await findPython({ named, path: inheritedEnv.PATH ?? '', needsTorch: false });
      process.stderr.write(`python: ${python.path} (${python.words})\n`);
      process.exitCode = (await runPython(python.path, ['-m', 'styleflow_trainer.forge', ...args], modules)).code;
    });
}
