import { join } from 'node:path';
import { asksForHelp } from './asks-for-help.mjs';
import { checkDeploy } from './check-deploy/check-deploy.mjs';
import { findLostNames, findReadmeGaps } from './find-readme-gaps.mjs';
import { readBillOfMaterials } from './release/bill-of-materials.mjs';
import { checkLicences } from './release/check-licences.mjs';
import { installDeployTools } from './set-up/deploy-tools.mjs';
import { Refusal } from './set-up/refusal.mjs';
import { ROOT } from './set-up/root.mjs';
import { runInForeground } from './set-up/run-child.mjs';
import { build, locked, setUp } from './set-up/set-up.mjs';
import { checkTrainer } from './trainer/check-trainer.mjs';

const HELP = `npm run check

Every static check, as CI makes them before the tests: types, lint and format, of the trainer's Python too, dependency rules,
READMEs, everything that is deployed, licences, dead code. All run even when one fails, so that one run shows everything. The first run downloads the programs
that judge deploy/ (a minute on a fast line); one that this machine cannot have is skipped aloud.

Exit codes: 0 all passed, 1 a check failed, 2 the arguments were refused.
`;

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

/** The licences of all npm packages, by the bill of materials. */
async function licences() {
  const { components } = await locked(() => readBillOfMaterials({ isShippedOnly: false }));
  const { findings, named } = checkLicences(components, ROOT);
  for (const finding of findings) process.stdout.write(`${finding}\n`);
  if (findings.length > 0) return 1;
  process.stdout.write(`${components.length} packages; named in docs/third-party.md: ${named.join(', ')}\n`);
  return 0;
}

/**
 * Every static check, the same here and in CI. All run even when one fails, so that one run shows everything.
 * @param {readonly string[]} args
 * @returns {Promise<number>} 0 when all passed
 */
export async function check(args) {
  if (asksForHelp(args)) {
    process.stdout.write(HELP);
    return 0;
  }
  if (args.length > 0) throw new Refusal(`npm run check takes no arguments, and was given ${args.join(' ')}`);
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
    ['types and lint of the trainer', () => locked(() => checkTrainer({ isCi: process.env.CI === 'true' }))],
    ['dependency rules', () => node('scripts/dependency-rules/main.mjs', '.')],
    ['READMEs', readmes],
    ['deployment', deployment],
    ['licences', licences],
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
