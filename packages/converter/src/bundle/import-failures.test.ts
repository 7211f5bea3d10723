import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBundle } from '@styleflow/bundles';
import { JobError } from '@styleflow/contracts';
import { TINY } from '@styleflow/testing/models';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ImportOptions, importBundle } from './import-bundle.js';

const CODE = new URL('./import-bundle.js', import.meta.url).href;
const CONTENT = `${TINY}content-tiny.pth`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'import-'));
});
afterEach(() => rm(folder, { recursive: true }));

function options(more: Partial<ImportOptions> = {}): ImportOptions {
  return {
    checkpoints: { content: CONTENT },
    directory: join(folder, 'out'),
    name: 'test',
    trained: true,
    threshold: 0.2,
    parts: false,
    ...more,
  };
}

/** Runs an import in a process of its own, after a line of shell. Answers the signal that ended it and its output. */
function importInChild(shell: string, progress: string): Promise<{ signal: string | null; said: string }> {
  const script = `
    import { importBundle } from ${JSON.stringify(CODE)};
    const options = JSON.parse(process.env.OPTIONS);
    await importBundle({ ...options, onProgress: ${progress} }).catch((error) => console.log(error.code, error.message));`;
  return new Promise((resolve) => {
    execFile(
      'sh',
      ['-c', `${shell}\nexec "$0" --input-type=module -e "$1"`, process.execPath, script],
      { env: { ...process.env, OPTIONS: JSON.stringify(options()) } },
      (error, stdout) => resolve({ signal: error?.signal ?? null, said: stdout }),
    );
  });
}

describe('an import that cannot go on', () => {
  it('says that the disk is full, and leaves nothing behind', async () => {
    // A limit on file sizes stands in for a full disk: either makes a write fail in the middle of a file.
    const { said } = await importInChild('ulimit -f 40', 'undefined');
    expect(said).toMatch(/^internal the bundle could not be written to .*out: EFBIG/);
    expect(await readdir(folder)).toEqual([]);
  });

  it('shows no bundle when it is killed half-way, and the next one clears what it left', async () => {
    const kill = `(done, total) => { if (done > 0.9 * total) process.kill(process.pid, 'SIGKILL'); }`;
    expect(await importInChild('', kill)).toMatchObject({ signal: 'SIGKILL', said: '' });
    const left = await readdir(folder);
    expect(left).toHaveLength(1);
    expect(left).not.toContain('out');
    await importBundle(options());
    expect(await readdir(folder)).toEqual(['out']);
  });

  it('ends when it is no longer wanted, and leaves the older bundle', async () => {
    await importBundle(options({ threshold: 0.4 }));
    const abort = new AbortController();
    const seen: number[] = [];
    const onProgress = (done: number, total: number): void => {
      seen.push(done / total);
      if (done > 0.5 * total) abort.abort(new JobError('canceled', 'enough'));
    };
    await expect(importBundle(options({ onProgress, signal: abort.signal }))).rejects.toThrow('enough');
    expect(seen.at(-1)).toBeLessThan(1);
    expect(await readdir(folder)).toEqual(['out']);
    expect((await openBundle(join(folder, 'out'))).manifest.threshold).toBe(0.4);
  });

  it('refuses a folder that cannot be written', { tags: ['linux'] }, async () => {
    await expect(importBundle(options({ directory: '/proc/bundle' }))).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringMatching(/^the bundle could not be written to \/proc\/bundle: ENOENT/),
    });
  });

  it('never replaces a bundle that has something else beside it, or a folder that only looks like one', async () => {
    await importBundle(options());
    await writeFile(join(folder, 'out', 'notes.txt'), 'x');
    await expect(importBundle(options())).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining('holds notes.txt, which is not of the bundle there'),
    });
    expect(await readFile(join(folder, 'out', 'notes.txt'), 'utf8')).toBe('x');
    await rm(join(folder, 'out', 'notes.txt'));
    await appendFile(join(folder, 'out', 'styleflow.onnx'), 'damaged');
    await importBundle(options());
    await writeFile(join(folder, 'out', 'bundle.json'), '{"name": "of another tool"}');
    await expect(importBundle(options())).rejects.toThrow("bundle.json is no bundle's manifest");
  });
});
