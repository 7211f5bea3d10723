import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { npmEnvironment } from './npm-environment.mjs';
import { removeFormerPackages } from './remove-former-packages.mjs';
import { removeStaleOutput } from './remove-stale-output.mjs';
import { withLock } from './set-up-lock.mjs';
import { digestOf, onceFor } from './stamp.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'set-up-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/**
 * @param {string} path below the test's folder
 * @param {string} text
 */
function write(path, text) {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}

/** @param {string} name of a file beside this one */
const urlOf = (name) => JSON.stringify(new URL(name, import.meta.url).href);

describe('the lock of the set-up', () => {
  it('lets several processes in one after the other', async () => {
    const log = write('log', '');
    // Each appends its two lines with a pause between: without the lock they interleave.
    const script = write(
      'worker.mjs',
      `import { appendFileSync } from 'node:fs';
       import { setTimeout } from 'node:timers/promises';
       import { withLock } from ${urlOf('./set-up-lock.mjs')};
       await withLock(${JSON.stringify(join(folder, 'lock'))}, async () => {
         appendFileSync(${JSON.stringify(log)}, process.argv[2] + ' in\\n');
         await setTimeout(50);
         appendFileSync(${JSON.stringify(log)}, process.argv[2] + ' out\\n');
       }, () => {});`,
    );
    const names = ['a', 'b', 'c', 'd'];
    const workers = names.map((name) => spawn(process.execPath, [script, name], { stdio: 'inherit' }));
    await Promise.all(workers.map((worker) => once(worker, 'exit')));
    const lines = readFileSync(log, 'utf8').trim().split('\n');
    expect(lines).toHaveLength(8);
    for (let i = 0; i < lines.length; i += 2) expect(lines[i + 1]).toBe(lines[i]?.replace('in', 'out'));
    expect(existsSync(join(folder, 'lock'))).toBe(false);
  });

  it('is taken over from a process that is gone', async () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const lock = write('lock', String(dead));
    expect(
      await withLock(
        lock,
        async () => 'done',
        () => {},
      ),
    ).toBe('done');
  });

  it('is taken over when the process id now belongs to another process', async () => {
    const lock = write('lock', `${process.pid} 1`);
    expect(
      await withLock(
        lock,
        async () => 'done',
        () => {},
      ),
    ).toBe('done');
  });

  it('is given back when the work fails', async () => {
    const lock = join(folder, 'lock');
    const failing = withLock(
      lock,
      () => Promise.reject(new Error('no disk')),
      () => {},
    );
    await expect(failing).rejects.toThrow('no disk');
    expect(existsSync(lock)).toBe(false);
  });
});

describe('a stamp', () => {
  it('spares work that was done for the same files and repeats it when one changes', async () => {
    const input = write('input', '1');
    let runs = 0;
    const step = () =>
      onceFor(
        join(folder, 'stamp'),
        () => digestOf([input]),
        async () => {
          runs += 1;
        },
      );
    await step();
    await step();
    expect(runs).toBe(1);
    writeFileSync(input, '2');
    await step();
    expect(runs).toBe(2);
  });

  it('is not set by work that failed', async () => {
    const stamp = join(folder, 'stamp');
    await expect(
      onceFor(
        stamp,
        () => 'd',
        () => Promise.reject(new Error('killed')),
      ),
    ).rejects.toThrow('killed');
    expect(existsSync(stamp)).toBe(false);
  });
});

describe('removing stale output', () => {
  it('deletes what was compiled from a source that is gone and nothing else', () => {
    write('src/kept.ts', '');
    for (const name of ['kept', 'deep/gone.test']) {
      for (const ending of ['.js', '.js.map', '.d.ts']) write(`dist/${name}${ending}`, '');
    }
    write('dist/bundled.js', '');
    expect(removeStaleOutput(folder).sort()).toEqual([
      'dist/deep/gone.test.d.ts',
      'dist/deep/gone.test.js',
      'dist/deep/gone.test.js.map',
    ]);
    expect(existsSync(join(folder, 'dist/kept.js'))).toBe(true);
    expect(existsSync(join(folder, 'dist/bundled.js'))).toBe(true);
  });
});

describe('what an older checkout left of packages that are no more', () => {
  it('goes, once nothing else lies there', () => {
    for (const path of ['gone/dist/a.test.js', 'gone/assets/a.onnx', 'kept/dist/a.js', 'kept/package.json'])
      write(path, '');
    write('mine/dist/a.js', '');
    write('mine/notes.txt', '');
    expect(removeFormerPackages(folder)).toEqual(['gone']);
    expect(readdirSync(folder).sort()).toEqual(['kept', 'mine']);
    expect(removeFormerPackages(folder)).toEqual([]);
  });
});

describe('a command in the foreground', () => {
  /**
   * @param {string} childSource what the command runs
   */
  function start(childSource) {
    const child = write('child.mjs', childSource);
    const script = write(
      'parent.mjs',
      `import { runInForeground } from ${urlOf('./run-child.mjs')};
       process.exitCode = await runInForeground(process.execPath, [${JSON.stringify(child)}], { ownGroup: true, cwd: '/' });`,
    );
    return spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  }

  it('passes its exit code on', async () => {
    expect(await once(start('process.exit(7)'), 'exit')).toEqual([7, null]);
  });

  it('is told once to stop, however often the signal comes at a time', async () => {
    const parent = start(`
      let told = 0;
      process.on('SIGINT', () => { told += 1; setTimeout(() => process.exit(40 + told), 300); });
      setInterval(() => {}, 1000);
      console.log('ready');`);
    await once(parent.stdout, 'data');
    parent.kill('SIGINT');
    parent.kill('SIGINT');
    expect(await once(parent, 'exit')).toEqual([41, null]);
  });

  it('learns from its channel that its parent was killed', async () => {
    const parent = start(`
      process.on('disconnect', () => { console.log('parent gone'); process.exit(); });
      setInterval(() => {}, 1000);
      console.log('ready');`);
    await once(parent.stdout, 'data');
    parent.kill('SIGKILL');
    const [text] = await once(parent.stdout, 'data');
    expect(String(text)).toBe('parent gone\n');
  });
});

describe('what npm is run with', () => {
  it('is the cache of its user, or one beside the checkout when that cannot be written', () => {
    const home = { HOME: dirname(fileURLToPath(import.meta.url)) };
    expect(npmEnvironment(home, '/fallback').npm_config_cache).toBe(join(home.HOME, '.npm'));
    expect(npmEnvironment({ npm_config_cache: tmpdir() }, '/fallback').npm_config_cache).toBe(tmpdir());
    // What users of services often have.
    expect(npmEnvironment({ HOME: '/dev/null' }, '/fallback').npm_config_cache).toBe('/fallback');
  });
});

describe('the entry of the npm commands', () => {
  const entry = fileURLToPath(new URL('../run.mjs', import.meta.url));

  it('tells the user of an old Node what is needed', () => {
    const pretend = write('pretend.cjs', "Object.defineProperty(process, 'versions', { value: { node: '18.20.4' } });");
    const { status, stderr } = spawnSync(process.execPath, ['--require', pretend, entry, 'demo'], { encoding: 'utf8' });
    expect(stderr).toContain('StyleFlow needs Node 20 or newer and this is Node 18.20.4');
    expect(status).toBe(2);
  });

  it('refuses a command that does not exist', () => {
    const { status, stderr } = spawnSync(process.execPath, [entry, 'fly'], { encoding: 'utf8' });
    expect(stderr).toContain('no such command: fly');
    expect(status).toBe(2);
  });
});
