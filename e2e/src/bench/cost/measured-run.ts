import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { JobError } from '@styleflow/contracts';
import { megabytes, watchMemory } from '../peak-memory.js';
import { cpuSeconds } from '../scale/process-cost.js';

const LOOK_EVERY_MS = 50;
/** Of what a failed program said on stderr, this much is shown: the reason stands at its end. */
const STDERR_CHARACTERS = 2_000;
/** So long the rest of it may take to come. */
const STDERR_WAIT_MS = 500;

/** What a program cost, from its start until it and all that it waited for had ended. */
export interface RunCost {
  /** User and system, of the whole tree, as the kernel adds it up for every process that was waited for; by 0.01 s. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** The largest sum of resident memory over the tree that a look met; shared pages count for each process. */
  readonly peakMegabytes: number;
}

/**
 * Runs a program to its end and measures it. Nothing else may be started or waited for meanwhile: processor time is the
 * growth of what this process' ended children took.
 * @throws JobError `invalid_request` with the end of its stderr when it fails; Error when it cannot be started.
 */
export async function measuredRun(name: string, [program = '', ...args]: readonly string[]): Promise<RunCost> {
  const before = await cpuSeconds(process.pid);
  const startedAt = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_CHARACTERS);
  });
  const watch = watchMemory(() => child.pid ?? -1, LOOK_EVERY_MS);
  try {
    const [code, signal] = await once(child, 'exit');
    const wallSeconds = (performance.now() - startedAt) / 1000;
    if (code !== 0) {
      // What it left behind may hold stderr open for ever.
      if (!child.stderr.readableEnded) await Promise.race([once(child.stderr, 'end'), wait(STDERR_WAIT_MS)]);
      const said = stderr.trimEnd() || '(nothing)';
      throw new JobError('invalid_request', `${name} ended with ${signal ?? code}; the end of its stderr:\n${said}`);
    }
    const after = await cpuSeconds(process.pid);
    return {
      cpuSeconds: after.descendants - before.descendants,
      wallSeconds,
      peakMegabytes: megabytes(watch.peak()),
    };
  } finally {
    watch.stop();
  }
}
