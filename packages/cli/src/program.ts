import { VERSION } from '@styleflow/runtime';
import { Command } from 'commander';
import { addAnalyze } from './commands/analyze.js';
import { addBatch } from './commands/batch.js';
import { addCalibrate } from './commands/calibrate.js';
import { addDataset } from './commands/dataset.js';
import { addDemo } from './commands/demo.js';
import { addDoctor } from './commands/doctor.js';
import { addEvaluate } from './commands/evaluate.js';
import { addEvidence } from './commands/evidence.js';
import { addJobs } from './commands/jobs.js';
import { addKeys } from './commands/keys.js';
import { addModels } from './commands/models.js';
import { addProcesses } from './commands/processes.js';
import { addQueues } from './commands/queues.js';
import { addReport } from './commands/report.js';
import { addRescore } from './commands/rescore.js';
import { addSubmit } from './commands/submit.js';
import { addTrain } from './commands/train.js';
import { addUp } from './commands/up.js';
import { addVerify } from './commands/verify.js';

/** The whole command: every command that there is hangs on it. */
export function styleflowProgram(): Command {
  const program = new Command('styleflow')
    .description('finds deepfake videos: submit, follow, read the verdict; run and scale the workers')
    .version(VERSION)
    .addHelpText('after', '\nExit codes: 0 done, 1 the system failed, 2 the input or the arguments were refused.')
    .showHelpAfterError('(add --help for what is allowed)')
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'error: invalid_request: ')) })
    .exitOverride();

  addUp(program);
  addAnalyze(program);
  addSubmit(program);
  addJobs(program);
  addEvidence(program);
  addVerify(program);
  addReport(program);
  addBatch(program);
  addEvaluate(program);
  addCalibrate(program);
  addRescore(program);
  addQueues(program);
  addDoctor(program);
  addModels(program);
  addDataset(program);
  addTrain(program);
  addKeys(program);
  addProcesses(program);
  addDemo(program);
  for (const command of program.commands) inheritSettings(command, program);
  return program;
}

/** Gives sub-commands the settings above. commander copies settings only when a command is made, which was before. */
function inheritSettings(command: Command, above: Command): void {
  command.copyInheritedSettings(above);
  for (const child of command.commands) inheritSettings(child, command);
}
