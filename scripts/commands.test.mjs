import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const RUN = fileURLToPath(new URL('./run.mjs', import.meta.url));

/** @param {string[]} args of an npm command, as package.json passes them on */
function run(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [RUN, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('an npm command', () => {
  it.each(['test', 'check', 'fix', 'dev', 'readme'])(
    '%s says what it does when asked for help, and does nothing',
    (command) => {
      for (const flag of command === 'dev' ? ['--help'] : ['--help', '-h']) {
        const { status, stdout, stderr } = run(command, flag);
        expect(stdout).toMatch(new RegExp(`^npm (run )?${command}\\b`));
        expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      }
    },
  );

  it.each(['check', 'fix'])('%s refuses arguments that it would not heed', (command) => {
    expect(run(command, 'packages/queue')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('takes no arguments'),
    });
  });

  it('test refuses patterns that no path of a test holds', () => {
    const { status, stdout, stderr } = run('test', 'nosuchtest', 'norsuch');
    expect(stderr).toContain("error: no test's path holds 'nosuchtest' or 'norsuch'\n");
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });
});
