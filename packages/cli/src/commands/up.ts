import { createLogger, runUntilShutdown } from '@styleflow/runtime';
import type { Command } from 'commander';
import { startEmbeddedSystem } from '../embedded/embedded-system.js';
import { inheritedEnv } from '../env.js';
import { watchInterruption } from './interruption.js';
import { parseFolder, parsePort } from './parse-arguments.js';

interface UpOptions {
  readonly port: number;
  readonly data: string;
  readonly bundle?: string;
}

/** `styleflow up`: the embedded system in the foreground. */
export function addUp(program: Command): void {
  program
    .command('up')
    .description(
      'run the whole system on this machine: API, one CPU worker, one inference worker, Redis and a file store',
    )
    .option('--port <n>', 'port of the API; 0 for any free one', parsePort, 8000)
    .option('--data <dir>', 'folder that keeps jobs, results and logs', parseFolder, '.styleflow/data')
    .option('--bundle <dir>', 'model bundle to serve (default: the untrained one)')
    .action(async ({ port, data, bundle }: UpOptions) => {
      const say = (sentence: string): boolean => process.stderr.write(`${sentence}\n`);
      say('starting …');
      const { signal, release } = watchInterruption('interrupted while starting; nothing is left running');
      const system = await startEmbeddedSystem({ dataFolder: data, port, bundle, env: inheritedEnv, say, signal });
      release();
      say(`StyleFlow is ready at ${system.apiUrl} (logs in ${system.logFolder}; Ctrl-C stops)`);
      say(`try: npx styleflow submit samples/face.mp4 --api ${system.apiUrl} --wait`);
      runUntilShutdown(createLogger('up', 'warn'), async () => {
        say('draining …');
        await system.stop();
        say('stopped; jobs are kept');
      });
    });
}
