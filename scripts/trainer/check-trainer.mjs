import { join } from 'node:path';
import { findProgram } from '../set-up/find-program.mjs';
import { STATE } from '../set-up/root.mjs';
import { runInForeground } from '../set-up/run-child.mjs';
import { installPackages } from '../set-up/system-packages.mjs';
import { TRAINER } from './run-pytest.mjs';

/**
 * What judges the trainer's Python, by command and package: none needs PyTorch. Types of the tests are those of pytest, and mypy sees that of
 * its own Python alone.
 */
const TOOLS = /** @type {const} */ ([
  ['mypy', 'mypy'],
  ['flake8', 'flake8'],
  ['pytest-3', 'python3-pytest'],
]);

/**
 * Types and lint of the trainer. A machine that cannot have the tools is told so aloud; on CI that is a failure.
 * @param {{ isCi: boolean }} options
 * @returns {Promise<number>} 0 when all is well
 */
export async function checkTrainer({ isCi }) {
  const missing = TOOLS.flatMap(([command, name]) => (findProgram(command) === null ? [name] : []));
  try {
    await installPackages(missing);
  } catch (error) {
    process.stdout.write(`not checked: ${error instanceof Error ? error.message : error}\n`);
    return isCi ? 1 : 0;
  }
  const options = { ownGroup: false, cwd: TRAINER };
  const types = await runInForeground('mypy', ['--cache-dir', join(STATE, 'mypy')], options);
  const lint = await runInForeground('flake8', ['styleflow_trainer', 'tests'], options);
  return types === 0 && lint === 0 ? 0 : 1;
}
