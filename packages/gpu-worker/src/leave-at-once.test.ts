import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';

const FILE = new URL('./leave-at-once.js', import.meta.url).href;

/** Starts a process whose thread runs `inside`, and which leaves as soon as the thread has begun. */
async function leave(inside: string) {
  const code = `
    import { Worker } from 'node:worker_threads';
    import { leaveAtOnce } from '${FILE}';
    const worker = new Worker(${JSON.stringify(`require('node:worker_threads').parentPort.postMessage('begun'); ${inside}`)}, {
      eval: true,
      execArgv: [],
    });
    const left = new Promise((resolve) => worker.once('exit', resolve));
    worker.once('message', (word) => {
      console.log(word);
      leaveAtOnce(left, 2_000);
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said = text(child.stdout);
  const [exitCode, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return { said: (await said).trim(), end: exitCode ?? signal };
}

describe('a process whose threads broke', () => {
  it('exits with 1 once they have left', async () => {
    expect(await leave('')).toEqual({ said: 'begun', end: 1 });
  });

  it('does not wait for one that hangs outside of JavaScript', async () => {
    // The thread blocks as in a call into a driver: nothing can interrupt it.
    expect(await leave("require('node:child_process').spawnSync('sleep', ['6'])")).toEqual({
      said: 'begun',
      end: 'SIGKILL',
    });
  });
});
