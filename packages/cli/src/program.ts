import { VERSION } from '@styleflow/runtime/for-commands';
import { Command } from 'commander';

type AddCommands = (program: Command) => void;

/**
 * Every command that there is, in the order in which help lists them, and where it stands. What a command needs is loaded with it: a
 * `status` that is asked for every few seconds must not load what draws the pictures of an evaluation.
 */
const GROUPS: readonly (readonly [names: readonly string[], load: () => Promise<AddCommands>])[] = [
  [['up'], async () => (await import('./commands/up.js')).addUp],
  [['analyze'], async () => (await import('./commands/analyze.js')).addAnalyze],
  [['submit'], async () => (await import('./commands/submit.js')).addSubmit],
  [['status', 'wait', 'cancel', 'retry', 'results'], async () => (await import('./commands/jobs.js')).addJobs],
  [['evidence'], async () => (await import('./commands/evidence.js')).addEvidence],
  [['verify'], async () => (await import('./commands/verify.js')).addVerify],
  [['report'], async () => (await import('./commands/report.js')).addReport],
  [['batch'], async () => (await import('./commands/batch.js')).addBatch],
  [['evaluate'], async () => (await import('./commands/evaluate.js')).addEvaluate],
  [['calibrate'], async () => (await import('./commands/calibrate.js')).addCalibrate],
  [['rescore'], async () => (await import('./commands/rescore.js')).addRescore],
  [['queues'], async () => (await import('./commands/queues.js')).addQueues],
  [['doctor'], async () => (await import('./commands/doctor.js')).addDoctor],
  [['models'], async () => (await import('./commands/models.js')).addModels],
  [['dataset'], async () => (await import('./commands/dataset.js')).addDataset],
  [['train'], async () => (await import('./commands/train.js')).addTrain],
  [['keys'], async () => (await import('./commands/keys.js')).addKeys],
  [['api', 'cpu-worker', 'gpu-worker'], async () => (await import('./commands/processes.js')).addProcesses],
  [['demo'], async () => (await import('./commands/demo.js')).addDemo],
];

/**
 * The whole command, or, where the first word of the arguments names one, that part of it which knows this command.
 * @param args without Node and the program's own name; help and errors need all commands, so without a name all are loaded
 */
export async function styleflowProgram(args: readonly string[] = []): Promise<Command> {
  const program = new Command('styleflow')
    .description('finds deepfake videos: submit, follow, read the verdict; run and scale the workers')
    .version(VERSION)
    .addHelpText('after', '\nExit codes: 0 done, 1 the system failed, 2 the input or the arguments were refused.')
    .showHelpAfterError('(add --help for what is allowed)')
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'error: invalid_request: ')) })
    .exitOverride();
  const [first = ''] = args;
  const named = GROUPS.filter(([names]) => names.includes(first));
  const loaded = await Promise.all((named.length > 0 ? named : GROUPS).map(([, load]) => load()));
  for (const add of loaded) add(program);
  for (const command of program.commands) inheritSettings(command, program);
  return program;
}

/** Gives sub-commands the settings above. commander copies settings only when a command is made, which was before. */
function inheritSettings(command: Command, above: Command): void {
  command.copyInheritedSettings(above);
  for (const child of command.commands) inheritSettings(child, command);
}
