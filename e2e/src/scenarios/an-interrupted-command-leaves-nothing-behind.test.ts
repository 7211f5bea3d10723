import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive, makeVideo, until } from '@styleflow/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandLine, runCommandLine } from '../system/command-line.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'styleflow-interrupted-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const start = (...args: string[]) => new CommandLine(args, { cwd: folder, env: { TMPDIR: folder } });

/** Ids of living processes whose command line or environment names the test's folder. */
async function livingProcesses(): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const names = await Promise.all(
    pids.map(async (pid) => {
      const texts = ['cmdline', 'environ'].map((file) => readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => ''));
      return (await Promise.all(texts)).join('').includes(folder);
    }),
  );
  return pids.filter((pid, index) => names[index] === true && isAlive(pid));
}

/** The graphs that a worker has kept for the next start are to stay. */
const systemFolders = async () =>
  (await readdir(folder)).filter((name) => name.startsWith('styleflow-') && !name.startsWith('styleflow-graphs-'));

describe('analyze', () => {
  it('takes down what had been started when it is interrupted while the system starts', async () => {
    const run = start('analyze', await makeVideo({ frames: 40 }));
    await until('Redis is being started', async () => {
      const [system] = await systemFolders();
      return system !== undefined && (await readdir(join(folder, system))).includes('redis');
    });
    run.child.kill('SIGINT');
    expect(await run.ended()).toBe(2);
    expect(run.stderr).toBe('stopping …\nerror: canceled: interrupted; nothing is left running\n');
    expect(await systemFolders()).toEqual([]);
    await until('every process is gone', async () => (await livingProcesses()).length === 0);
  });

  it('does the same in the middle of a video, without waiting for it', async () => {
    const run = start('analyze', await makeVideo({ frames: 400 }), '--max-frames', '0');
    await run.said('preparing');
    run.child.kill('SIGINT');
    expect(await run.ended()).toBe(2);
    expect(run.stderr).toContain('error: canceled: interrupted');
    expect(await systemFolders()).toEqual([]);
    await until('every process is gone', async () => (await livingProcesses()).length === 0);
  });
});

describe('up', () => {
  it('takes down what had been started when it is interrupted while it starts', async () => {
    const run = start('up', '--port', '0', '--data', 'data');
    await until('Redis is being started', async () => (await readdir(folder)).includes('data'));
    run.child.kill('SIGTERM');
    expect(await run.ended()).toBe(2);
    expect(run.stderr).toContain('error: canceled: interrupted while starting');
    expect(await readdir(join(folder, 'data'))).not.toContain('owner.pid');
    await until('every process is gone', async () => (await livingProcesses()).length === 0);
  });

  it('says at once that its port is taken, and how to choose another', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = String(typeof address === 'object' && address !== null ? address.port : 0);
    const options = { cwd: folder, env: { TMPDIR: folder } };
    const { exitCode, stderr } = await runCommandLine(['up', '--port', port, '--data', 'data'], options);
    server.close();
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`error: conflict: port ${port} is in use by another program; choose another with --port`);
    expect(await readdir(join(folder, 'data'))).not.toContain('redis');
  });
});
