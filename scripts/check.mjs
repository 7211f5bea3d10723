import { join } from 'node:path';
import { checkDeploy } from './check-deploy/check-deploy.mjs';
import { findLostNames, findReadmeGaps } from './find-readme-gaps.mjs';
import { installDeployTools } from './set-up/deploy-tools.mjs';
import { ROOT } from './set-up/root.mjs';
import { runInForeground } from './set-up/run-child.mjs';
import { build, locked, setUp } from './set-up/set-up.mjs';

/** Everything that is deployed, by the tools that would read it. */
async function deployment() {
  const tools = await locked(installDeployTools);
  const print = (/** @type {string} */ line) => process.stdout.write(`${line}\n`);
  return checkDeploy(tools, ROOT, { isCi: process.env.CI === 'true', print });
}

/** Each package's map of its own folders, and the files that recipes name. */
async function readmes() {
  const gaps = [...findReadmeGaps(ROOT), ...findLostNames(ROOT, 'CONTRIBUTING.md')];
  for (const gap of gaps) process.stdout.write(`${gap}\n`);
  return gaps.length === 0 ? 0 : 1;
}

/**
 * Every static check, the same here and in CI. All run even when one fails, so that one run shows everything.
 * @returns {Promise<number>} 0 when all passed
 */
export async function check() {
  await setUp({ needs: 'checking' });
  const node = (/** @type {string} */ script, /** @type {string[]} */ ...args) =>
    runInForeground(process.execPath, [join(ROOT, script), ...args], { ownGroup: false, cwd: ROOT });
  const colors = process.stdout.isTTY ? [] : ['--colors=off'];
  /** @type {ReadonlyArray<[string, () => Promise<number>]>} */
  const steps = [
    ['types', () => locked(build)],
    ['types of the scripts', () => node('node_modules/typescript/bin/tsc', '-p', 'scripts')],
    [
      'lint and format',
      () => node('node_modules/@biomejs/biome/bin/biome', 'ci', '--error-on-warnings', ...colors, '.'),
    ],
    ['dependency rules', () => node('scripts/dependency-rules/main.mjs', '.')],
    ['READMEs', readmes],
    ['deployment', deployment],
    ['dead code', () => node('node_modules/knip/bin/knip.js', '--no-progress', '--no-config-hints')],
  ];
  const results = [];
  for (const [name, run] of steps) {
    process.stdout.write(`\n== ${name}\n`);
    results.push({ name, exitCode: await run() });
  }
  process.stdout.write('\n');
  for (const { name, exitCode } of results) process.stdout.write(`${exitCode === 0 ? 'ok    ' : 'FAILED'}  ${name}\n`);
  return results.every(({ exitCode }) => exitCode === 0) ? 0 : 1;
}
