#!/usr/bin/env node
import { CommanderError } from 'commander';
import { endQuietlyOnClosedPipe, isPipeClosed } from './closed-pipe.js';
import { refuseUnknownCommand } from './commands/unknown-command.js';
import { unknownNames } from './env.js';
import { EXIT, sayError } from './exit-codes.js';
import { styleflowProgram } from './program.js';

async function main(): Promise<void> {
  const program = await styleflowProgram(process.argv.slice(2));
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
