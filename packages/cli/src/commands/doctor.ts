import { createLogger } from '@styleflow/runtime';
import type { Command } from 'commander';
import { clientDefaults } from '../env.js';
import { EXIT } from '../exit-codes.js';
import { printFindings } from '../view/print-findings.js';

interface DoctorFlags {
  readonly mend?: true;
  readonly acceptStore?: true;
  readonly json?: true;
}

/** `styleflow doctor`: compares Redis and store beside the API, with the settings of the processes. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('compare Redis, store and API; list what one has and another lacks')
    .option('--mend', 'make good what is safe to make good, and say what was done')
    .option('--accept-store', 'the store that is there, not the one before, belongs to this Redis from now on')
    .option('--json', 'answer as JSON on stdout')
    .addHelpText(
      'after',
      '\nIt asks Redis and the store itself: set STYLEFLOW_REDIS_URL and STYLEFLOW_STORE as for the processes.' +
        '\nExit codes: 0 all is well or mended, 1 something is left.',
    )
    .action(async ({ mend, acceptStore, json }: DoctorFlags) => {
      // Only here: the command line is to start without Redis and the store's SDK.
      const { examineSystem } = await import('../doctor/examine-system.js');
      const { readEnv } = await import('../doctor/env.js');
      const options = { mend: mend === true, acceptStore: acceptStore === true };
      const examination = await examineSystem(readEnv(), { ...options, logger: createLogger('doctor', 'silent') });
      const api = await askApi();
      const text = json === true ? JSON.stringify({ ...examination, api }) : printFindings(examination, api).join('\n');
      process.stdout.write(`${text}\n`);
      if (examination.left > 0) process.exitCode = EXIT.failed;
    });
}

/** How the API of `STYLEFLOW_API` is; where there is none the rest is told all the same. */
async function askApi(): Promise<string> {
  try {
    const answer = await fetch(new URL('/readyz', clientDefaults.api), { signal: AbortSignal.timeout(5_000) });
    return `${clientDefaults.api} is ${answer.ok ? 'ready' : 'not ready'}`;
  } catch {
    return `${clientDefaults.api} does not answer`;
  }
}
