import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'styleflow-shutdown-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Starts a program of these lines as a child process. It reports over the channel how far it has come. */
function start(lines: string): ChildProcess {
  const path = join(folder, 'program.mjs');
  const runtime = new URL('./index.js', import.meta.url).href;
  writeFileSync(path, `import { createLogger, runMain, runUntilShutdown } from '${runtime}';\n${lines}`);
  return fork(path, [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] });
}

const told = (child: ChildProcess): Promise<unknown> => new Promise((resolve) => child.once('message', resolve));
const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once('exit', (code) => resolve(code)));

describe('a process whose parent goes away', () => {
  it('ends when it is still starting', async () => {
    const child = start(`
      setInterval(() => {}, 1000);
      runMain(() => new Promise(() => process.send('starting')));`);
    const over = ended(child);
    await told(child);
    child.disconnect();
    expect(await over).toBe(1);
  });

  it('ends when that happened while its modules were being loaded', async () => {
    const child = start(`
      const gone = new Promise((resolve) => process.once('disconnect', resolve));
      process.send('loading');
      await gone;
      setInterval(() => {}, 1000);
      runMain(() => new Promise(() => {}));`);
    const over = ended(child);
    await told(child);
    child.disconnect();
    expect(await over).toBe(1);
  });

  it('drains when it serves', async () => {
    const child = start(`
      runMain(async () => {
        runUntilShutdown(createLogger('test', 'silent'), async () => {});
        process.send('serving');
      });`);
    const over = ended(child);
    await told(child);
    child.disconnect();
    expect(await over).toBe(0);
  });
});
