import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../set-up/root.mjs';
import { findPython } from './find-python.mjs';

export const TRAINER = join(ROOT, 'packages/trainer');

/** What the trainer's tests load. */
export const TORCH_MODULES = ['torch', 'numpy', 'pytest'];

/** @typedef {{ failures: Map<string, string[]>, ran: Set<string>, output: string }} PytestRun */

/**
 * Runs all tests in one process: loading PyTorch takes seconds. What each function came to, by `FILE::NAME`, is written by
 * tests/conftest.py.
 * @returns {Promise<PytestRun>}
 */
export async function runPytest() {
  const folder = mkdtempSync(join(tmpdir(), 'pytest-'));
  const report = join(folder, 'report.ndjson');
  const args = ['-m', 'pytest', '-q', `--basetemp=${join(folder, 'files')}`, 'tests'];
  const env = { ...process.env, STYLEFLOW_TEST_REPORT: report, PYTHONDONTWRITEBYTECODE: '1', PYTHONPATH: TRAINER };
  try {
    const output = await runPython(args, env);
    /** @type {PytestRun} */
    const run = { failures: new Map(), ran: new Set(), output };
    const lines = existsSync(report) ? readFileSync(report, 'utf8').split('\n').filter(Boolean) : [];
    for (const { name, failure } of lines.map((line) => JSON.parse(line))) {
      run.ran.add(name);
      if (failure) run.failures.set(name, [...(run.failures.get(name) ?? []), failure]);
    }
    return run;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Runs the Python that has PyTorch in the trainer's folder.
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<string>} what it printed, of either stream
 */
export function runPython(args, env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONPATH: TRAINER }) {
  const python = findPython(TORCH_MODULES);
  if (python === null) throw new Error('no Python here has PyTorch, numpy and pytest: npm test says what to install');
  const child = spawn(python, args, { cwd: TRAINER, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve(output));
  });
}
