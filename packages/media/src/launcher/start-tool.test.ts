// @module-tag ps
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { isAlive, until } from '@styleflow/testing';
import { describe, expect, it } from 'vitest';
import { runTool } from './run-tool.js';
import { type OutputMemory, startTool } from './start-tool.js';

const FREE = { signal: undefined, mostBytes: 10_000_000 };
const START_TOOL = new URL('./start-tool.js', import.meta.url).href;
const LAUNCHER_LINE = new URL('./launcher-line.js', import.meta.url).href;

async function run(words: readonly string[], input?: Uint8Array) {
  const how = await runTool(words, { ...FREE, ...(input && { input }) });
  return { ...how, stdout: Buffer.from(how.stdout).toString() };
}

/** The shells of this process's launchers, with what they have started. */
function shells(): number[] {
  const table = execFileSync('ps', ['-o', 'pid=,ppid=,args=', '-A'], { encoding: 'utf8' });
  return table.split('\n').flatMap((line) => {
    const [pid, parent, ...words] = line.trim().split(/\s+/);
    return Number(parent) === process.pid && words.includes('styleflow-launcher') ? [Number(pid)] : [];
  });
}

describe('a program started by the launcher', () => {
  it('gets its words as they are', async () => {
    const words = ["it's", '"$HOME"', '`id`', 'two\nlines', ' a  b ', '\\n', '*', '', 'ä–€', '-n'];
    const { stdout } = await run(['printf', '<%s>', ...words]);
    expect(stdout).toBe(words.map((word) => `<${word}>`).join(''));
  });

  it.each([
    ['exit 0', { exitCode: 0, signal: null }],
    ['exit 7', { exitCode: 7, signal: null }],
    ['exit 255', { exitCode: 255, signal: null }],
    ['kill -KILL $$', { exitCode: null, signal: 'SIGKILL' }],
    ['kill -XCPU $$', { exitCode: null, signal: 'SIGXCPU' }],
  ])('that does `%s` is told to have ended so', async (line, end) => {
    expect(await run(['sh', '-c', line])).toMatchObject(end);
  });

  it('that is not there ends with 127, and says so', async () => {
    expect(await run(['/nowhere/at/all'])).toMatchObject({
      exitCode: 127,
      stderr: expect.stringContaining('not found'),
    });
  });

  it.each([0, 1, 1_000_000])('reads %d bytes of input and then its end', async (length) => {
    const { stdout } = await run(['wc', '-c'], new Uint8Array(length));
    expect(Number(stdout)).toBe(length);
  });

  it('may leave its input, and may have none', async () => {
    expect(await run(['true'], new Uint8Array(1_000_000))).toMatchObject({ exitCode: 0 });
    expect(await run(['cat'])).toMatchObject({ exitCode: 0, stdout: '' });
  });

  it('has no descriptor of ours but its three streams, and no zombie stays of it', { tags: ['linux'] }, async () => {
    for (let n = 0; n < 5; n += 1) await run(['true']);
    const list = ['sh', '-c', 'ls /proc/$$/fd'] as const;
    // Some may be handed on by whoever has started this process.
    const handedOn = execFileSync(list[0], list.slice(1), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    expect((await run(list)).stdout).toBe(handedOn);
    const [shell = 0] = shells();
    await until('all are buried', () => zombiesOf(shell).length === 0);
  });

  it('writes into the memory that is given, and not while there is no room', async () => {
    const bytes = 300_000;
    const tool = await startTool(
      ['node', '-e', `process.stdout.write(Uint8Array.from({ length: ${bytes} }, (_, i) => i * 7))`],
      {
        memory: memory(),
      },
    );
    tool.stderr.resume();
    tool.stdout.resume();
    await new Promise((resolve) => tool.stdout.once('end', resolve));
    expect(unasked).toBe(0);
    expect(Buffer.concat(seen).equals(Buffer.from(Uint8Array.from({ length: bytes }, (_, i) => i * 7)))).toBe(true);

    function memory(): OutputMemory {
      const room = new Uint8Array(10_000);
      return {
        place: () => room,
        wrote(length) {
          if (isFull) unasked += 1;
          seen.push(Buffer.from(room.subarray(0, length)));
          isFull = seen.length % 3 === 0;
          if (isFull)
            setImmediate(() => {
              isFull = false;
              tool.stdout.resume();
            });
          return !isFull;
        },
      };
    }
  });
  const seen: Buffer[] = [];
  let isFull = false;
  let unasked = 0;

  it('that is ended while it writes is told to be, at once', async () => {
    const tool = await startTool(['yes']);
    tool.stderr.resume();
    tool.kill();
    tool.kill();
    expect(await tool.ended).toEqual({ exitCode: null, signal: 'SIGKILL' });
  });
});

describe('the launcher', () => {
  it('that is killed takes no program for ended well, and is started anew', { tags: ['linux'] }, async () => {
    const tool = await startTool(['sleep', '600']);
    tool.stderr.resume();
    const before = shells();
    for (const pid of before) process.kill(pid, 'SIGKILL');
    await tool.ended.then((end) => expect(end.signal).toBe('SIGKILL'), expect.unreachable);
    expect(await run(['echo', 'again'])).toMatchObject({ stdout: 'again\n' });
    expect(shells()).toHaveLength(1);
    expect(shells()).not.toEqual(before);
  });

  it('serves threads of its process, also those that run at the same time', async () => {
    const program = `
      import { isMainThread, Worker } from 'node:worker_threads';
      import { startLauncher } from ${JSON.stringify(LAUNCHER_LINE)};
      import { startTool } from ${JSON.stringify(START_TOOL)};
      import { execFileSync } from 'node:child_process';
      startLauncher();
      const inside = \`import(${JSON.stringify(START_TOOL)}).then(async ({ startTool }) => {
        const tool = await startTool(['sh', '-c', 'echo \\$PPID; exit 3']);
        let out = '';
        tool.stdout.on('data', (piece) => { out += piece; });
        tool.stderr.resume();
        const { exitCode } = await tool.ended;
        (await import('node:worker_threads')).parentPort.postMessage([exitCode, out]);
      })\`;
      const ends = await Promise.all([1, 2, 3].map(() => new Promise((resolve, reject) => {
        const worker = new Worker(inside, { eval: true, trackUnmanagedFds: false });
        worker.once('message', resolve).once('error', reject);
      })));
      const shells = execFileSync('ps', ['-o', 'args=', '--ppid', String(process.pid)], { encoding: 'utf8' });
      console.log(JSON.stringify([ends.map(([code]) => code), shells.split('styleflow-launcher ').length - 1]));
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    expect(JSON.parse(await text(child.stdout))).toEqual([[3, 3, 3], 1]);
  });

  it('ends with its process, however that ends, and with it a program that nobody reads', {
    tags: ['linux'],
  }, async () => {
    const program = `
      import { startTool } from ${JSON.stringify(START_TOOL)};
      const tool = await startTool(['setsid', 'yes']);
      const { ppid } = process;
      const { execFileSync } = await import('node:child_process');
      console.log(execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' }).split('\\n').find((line) => line.includes('styleflow-launcher')));
      setInterval(() => undefined, 1000);
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let line = '';
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      line += piece;
    });
    await until('it has said who its launcher is', () => line.endsWith('\n'));
    const [shell = '', folder = ''] = [/\d+/.exec(line)?.[0], /(\S*styleflow-tools-\S+)/.exec(line)?.[1]];
    const started = tree(Number(shell));
    expect(started.length).toBeGreaterThan(1);
    child.kill('SIGKILL');
    await until('all have ended', () => started.every((pid) => !isAlive(pid)));
    expect(existsSync(folder)).toBe(false);
  });
});

function zombiesOf(shell: number): string[] {
  const table = execFileSync('ps', ['-o', 'ppid=,stat=', '-A'], { encoding: 'utf8' });
  return table.split('\n').filter((line) => new RegExp(`^\\s*${shell}\\s+Z`).test(line));
}

/** A process and everything below it. */
function tree(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap(tree)];
}
