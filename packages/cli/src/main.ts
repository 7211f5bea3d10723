#!/usr/bin/env node
import { VERSION } from '@styleflow/runtime';
import { Command, CommanderError } from 'commander';
import { endQuietlyOnClosedPipe, isPipeClosed } from './closed-pipe.js';
import { addAnalyze } from './commands/analyze.js';
import { addBatch } from './commands/batch.js';
import { addDemo } from './commands/demo.js';
import { addDoctor } from './commands/doctor.js';
import { addJobs } from './commands/jobs.js';
import { addKeys } from './commands/keys.js';
import { addModels } from './commands/models.js';
import { addProcesses } from './commands/processes.js';
import { addQueues } from './commands/queues.js';
import { addSubmit } from './commands/submit.js';
import { refuseUnknownCommand } from './commands/unknown-command.js';
import { addUp } from './commands/up.js';
import { unknownNames } from './env.js';
import { EXIT, sayError } from './exit-codes.js';

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
addBatch(program);
addQueues(program);
addDoctor(program);
addModels(program);
addKeys(program);
addProcesses(program);
addDemo(program);
for (const command of program.commands) inheritSettings(command);

/** Gives sub-commands the settings above. commander copies settings only when a command is made, which was before. */
function inheritSettings(command: Command): void {
  command.copyInheritedSettings(command.parent ?? program);
  for (const child of command.commands) inheritSettings(child);
}

async function main(): Promise<void> {
  for (const sentence of unknownNames) process.stderr.write(`warning: ${sentence}\n`);
  refuseUnknownCommand(program, process.argv.slice(2));
  await program.parseAsync();
}

endQuietlyOnClosedPipe();
main().catch((error: unknown) => {
  if (isPipeClosed()) return;
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.refused;
  else process.exitCode = sayError(error);
});
