import { Command } from 'commander';
import { addRescore } from '../commands/rescore.js';
import { sayError } from '../exit-codes.js';

/** The one command alone: it starts in a fraction of the time that the whole takes. */
const program = new Command('styleflow');
addRescore(program);
program.parseAsync().catch((error: unknown) => {
  process.exitCode = sayError(error);
});
