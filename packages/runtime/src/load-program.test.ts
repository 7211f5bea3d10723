import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const MODULE = fileURLToPath(new URL('./load-program.js', import.meta.url));

/** A process that may open `limit` files and loads a program which says that it was loaded. */
function runWithLimit(limit: number) {
  const program = `import { loadProgram } from ${JSON.stringify(MODULE)}; loadProgram(async () => console.log("loaded"));`;
  const line = `ulimit -n ${limit} && exec "${process.execPath}" --input-type=module -e '${program}'`;
  return spawnSync('/bin/sh', ['-c', line], { encoding: 'utf8' });
}

describe('a program', () => {
  it('is loaded where it may open the files that it consists of', () => {
    expect(runWithLimit(256)).toMatchObject({ status: 0, stdout: 'loaded\n', stderr: '' });
  });

  it('is not, with one sentence that says what to do, where it may open fewer', () => {
    const { status, stdout, stderr } = runWithLimit(255);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^error: internal: This process may open 255 files.*raise `ulimit -n`.*\n$/);
  });
});
