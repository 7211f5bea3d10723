import { existsSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { makeSample } from '../make-sample.mjs';
import { PROCESSES } from '../programs/processes.mjs';
import { findPnpm } from './find-pnpm.mjs';
import { StepFailed, say } from './refusal.mjs';
import { removeFormerPackages } from './remove-former-packages.mjs';
import { removeStaleOutput } from './remove-stale-output.mjs';
import { ROOT, STATE } from './root.mjs';
import { runStep } from './run-child.mjs';
import { withLock } from './set-up-lock.mjs';
import { digestOf, onceFor } from './stamp.mjs';
import { installPackages, missingPrograms } from './system-packages.mjs';

/**
 * Brings the checkout into the state that a command needs; quiet and quick when it is there already. What tests need is
 * brought by scripts/tests/.
 *
 * `checking`: dependencies · `building`: also the compiled packages and the network files · `running`: also ffmpeg,
 * redis-server and the sample video.
 * @param {{ needs: 'checking' | 'building' | 'running' }} options
 */
export async function setUp({ needs }) {
  await locked(async () => {
    if (needs === 'running') await installPackages(missingPrograms());
    await installDependencies();
    if (needs === 'checking') return;
    await buildAll();
    if (needs === 'running') await makeSample();
  });
}

/** Builds every package and the network files. */
export async function buildAll() {
  if ((await build()) !== 0) throw new StepFailed('the build failed.');
  await writeNetworkFiles();
  await buildConsole();
  await packProcesses();
}

/**
 * Builds some packages and what they import, without the network files.
 * @param {readonly string[]} folders from the root
 */
export async function buildPackages(folders) {
  if ((await build(folders)) !== 0) throw new StepFailed('the build failed.');
}

/**
 * Compiles what has changed. It takes no lock; its callers hold it.
 * @param {readonly string[]} [folders] these packages and what they import; absent: all
 * @returns {Promise<number>} the compiler's exit code
 */
export function build(folders = []) {
  removeFormerPackages(join(ROOT, 'packages'));
  for (const folder of packageFolders()) removeStaleOutput(folder);
  const first = folders[0] ?? 'packages/cli';
  if (!existsSync(join(ROOT, first, 'dist/.tsbuildinfo'))) say('building');
  return runStep(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-b', ...folders]);
}

/**
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export function locked(work) {
  return withLock(join(STATE, 'lock'), work, (owner) => say(`waiting for the set-up of process ${owner}`));
}

export async function installDependencies() {
  const manifests = ['package.json', ...packageFolders().map((folder) => join(folder, 'package.json'))];
  const paths = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests].map((path) => join(ROOT, path));
  const digest = () => digestOf(paths, [process.platform, process.arch]);
  // The stamp lies inside node_modules, so that deleting that folder deletes the stamp.
  await onceFor(join(ROOT, 'node_modules/.styleflow-stamp'), digest, async () => {
    const pnpm = await findPnpm();
    say('installing the dependencies');
    // With NODE_ENV=production the compiler would be left out. Nobody can be asked about an older node_modules.
    const env = { ...process.env, NODE_ENV: '' };
    const args = ['install', '--frozen-lockfile', '--config.confirmModulesPurge=false'];
    const exitCode = await runStep(pnpm, args, { env, quiet: true });
    if (exitCode !== 0) throw new StepFailed(`pnpm install failed (exit code ${exitCode}).`);
  });
  linkCommand();
}

/** Makes `npx styleflow` work in the checkout. pnpm links only what dependencies bring. */
function linkCommand() {
  const link = join(ROOT, 'node_modules/.bin/styleflow');
  if (existsSync(link)) return;
  // A link that leads nowhere is there as well.
  rmSync(link, { force: true });
  symlinkSync('../../scripts/styleflow.mjs', link);
}

/** The packages whose code decides the network files. */
const NETWORK_WRITERS = [
  ...['contracts', 'runtime', 'threads', 'inference'],
  ...['files', 'onnx', 'checkpoints', 'bundles', 'converter'],
];

/** The face networks and the untrained bundle, made from npm packages by the product's own graph writer. */
async function writeNetworkFiles() {
  const dist = (/** @type {string} */ name) => join(ROOT, 'packages', name, 'dist');
  const writers = NETWORK_WRITERS.flatMap((name) =>
    filesBelow(dist(name)).filter((path) => path.endsWith('.js') && !path.endsWith('.test.js')),
  );
  const written = () =>
    filesBelow(join(ROOT, 'packages/bundles/assets')).map((path) => `${path} ${statSync(path).size}`);
  const digest = () => digestOf([join(ROOT, 'pnpm-lock.yaml'), ...writers], written());
  await onceFor(join(STATE, 'assets-stamp'), digest, async () => {
    say('writing the network files');
    const exitCode = await runStep(process.execPath, [join(dist('converter'), 'assets-main.js')]);
    if (exitCode !== 0) throw new StepFailed(`the network files could not be written (exit code ${exitCode}).`);
  });
}

/** The packages whose code goes into the console. */
const CONSOLE_PARTS = ['contracts', 'runtime', 'job-view', 'client', 'console'];

/** The files of the console that the API serves. */
async function buildConsole() {
  const folder = join(ROOT, 'packages/console');
  const parts = CONSOLE_PARTS.flatMap((name) => filesBelow(join(ROOT, 'packages', name, 'src')));
  const sources = [
    ...parts.filter((path) => !/\.test\.tsx?$/.test(path)),
    join(folder, 'index.html'),
    join(folder, 'vite.config.js'),
  ];
  const built = () => filesBelow(join(folder, 'site')).map((path) => `${path} ${statSync(path).size}`);
  const digest = () => digestOf([join(ROOT, 'pnpm-lock.yaml'), ...sources], built());
  await onceFor(join(STATE, 'console-stamp'), digest, async () => {
    say('building the console');
    const exitCode = await runStep(process.execPath, [join(folder, 'dist/build-main.js')]);
    if (exitCode !== 0) throw new StepFailed(`the console could not be built (exit code ${exitCode}).`);
  });
}

/** The processes in few files each, which start in a third of the time. */
async function packProcesses() {
  const folders = Object.keys(PROCESSES).map((name) => join(ROOT, name.replace('@styleflow', 'packages')));
  const modules = packageFolders()
    .flatMap((folder) => filesBelow(join(folder, 'dist')))
    .filter((path) => path.endsWith('.js') && !path.endsWith('.test.js'));
  const packer = filesBelow(join(ROOT, 'scripts/programs'));
  // By their times, as a process that starts sees them: a module that was compiled anew to the same bytes counts as another.
  const times = () => [...modules, ...folders.map((folder) => join(folder, 'program/modules.json'))].map(timeOf);
  const digest = () => digestOf([join(ROOT, 'pnpm-lock.yaml'), ...packer], [process.version, ...times()]);
  await onceFor(join(STATE, 'programs-stamp'), digest, async () => {
    say('packing the processes');
    // With the flags that processes are started with: V8 compiles the programs for these.
    const { LEAN_NODE_FLAGS } = await import(join(ROOT, 'packages/runtime/dist/lean-process.js'));
    const args = [...LEAN_NODE_FLAGS, join(ROOT, 'scripts/programs/main.mjs'), ...folders];
    const exitCode = await runStep(process.execPath, args);
    if (exitCode !== 0) throw new StepFailed(`the processes could not be packed (exit code ${exitCode}).`);
  });
}

/** @param {string} path */
function timeOf(path) {
  return `${path} ${existsSync(path) ? statSync(path).mtimeMs : 'missing'}`;
}

/** @param {string} folder */
function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  const paths = readdirSync(folder, { recursive: true }).map((path) => join(folder, String(path)));
  return paths.filter((path) => statSync(path).isFile()).sort();
}

function packageFolders() {
  const parent = join(ROOT, 'packages');
  const names = readdirSync(parent).sort();
  const folders = [...names.map((name) => join(parent, name)), join(ROOT, 'e2e')];
  return folders.filter((folder) => existsSync(join(folder, 'package.json')));
}
