import { Command } from 'commander';
import { addBatch } from '../commands/batch.js';
import { sayError } from '../exit-codes.js';

/** The commands about batches alone: it starts in a fraction of the time that the whole command takes. */
const program = new Command('styleflow');
addBatch(program);
program.parseAsync().catch((error: unknown) => {
  process.exitCode = sayError(error);
});
