import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asksForHelp } from '../asks-for-help.mjs';
import { Refusal } from '../set-up/refusal.mjs';
import { ROOT, STATE } from '../set-up/root.mjs';
import { readCommands } from './read-commands.mjs';
import { ruleOf } from './reader-rules.mjs';

const HELP = `npm run readme [-- --slow] [--keep]

Follows the README as a newcomer would: clones what is committed, gives every command of the README in its order in the clone, and
last npm run check, which must be green; git must see no new file. Minutes.

What a reader has is put there: checkpoints, a video, a server that stands for example.org. The pnpm that is here is used again.

  --slow   also npm test and the benchmark
  --keep   leaves the clone

Exit codes: 0 every command did what the README says, 1 one did not, 2 the arguments were refused.
`;

/** What one command may take, on a small, busy machine. */
const LIMIT_MS = 30 * 60_000;
const FIXTURES = join(ROOT, 'packages/testing/fixtures/tiny');

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>} the exit code
 */
export async function followReadme(args) {
  if (asksForHelp(args)) {
    process.stdout.write(HELP);
    return 0;
  }
  const unknown = args.find((arg) => !['--slow', '--keep'].includes(arg));
  if (unknown !== undefined) throw new Refusal(`npm run readme takes --slow and --keep, and was given ${unknown}`);
  const clone = cloneHead();
  const reader = await openReader(clone);
  try {
    const commands = readCommands(readFileSync(join(clone, 'README.md'), 'utf8'));
    const ordered = [...commands.filter((command) => command !== 'npm run check'), 'npm run check'];
    const failures = [];
    for (const command of ordered) {
      const outcome = await reader.give(command, args.includes('--slow'));
      process.stdout.write(`${outcome.padEnd(8)} ${command}\n`);
      if (outcome === 'FAILED') failures.push(command);
    }
    const { stdout: left } = spawnSync('git', ['status', '--porcelain'], { cwd: clone, encoding: 'utf8' });
    if (left !== '') process.stdout.write(`FAILED   git sees what the commands left behind:\n${left}`);
    return failures.length === 0 && left === '' ? 0 : 1;
  } finally {
    await reader.close();
    if (args.includes('--keep')) process.stdout.write(`the clone: ${clone}\n`);
    else rmSync(clone, { recursive: true, force: true });
  }
}

/** What is committed, in a folder of its own, with the pnpm that this checkout has fetched. */
function cloneHead() {
  const clone = join(mkdtempSync(join(tmpdir(), 'readme-')), 'styleflow');
  const { status, stderr } = spawnSync('git', ['clone', '--quiet', ROOT, clone], { encoding: 'utf8' });
  if (status !== 0) throw new Refusal(`git could not clone ${ROOT}: ${stderr}`);
  const own = join(clone, '.styleflow/set-up');
  mkdirSync(own, { recursive: true });
  for (const pnpm of readdirSync(STATE).filter((name) => name.startsWith('pnpm-')))
    symlinkSync(join(STATE, pnpm), join(own, pnpm));
  // What the reader has.
  for (const [from, to] of [
    ['style-content-tiny.pth', 'content.pth'],
    ['style-gru-tiny.pth', 'gru.pth'],
    ['psp-tiny.pt', 'psp.pt'],
  ])
    cpSync(join(FIXTURES, String(from)), join(clone, String(to)));
  return clone;
}

/** @param {string} clone */
async function openReader(clone) {
  const port = await freePort();
  // Stands for example.org.
  const films = createServer((_, response) => {
    response.setHeader('content-type', 'video/mp4');
    response.end(readFileSync(join(clone, 'video.mp4')));
  });
  await new Promise((resolve) => films.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = films.address();
  const filmPort = typeof address === 'object' && address !== null ? address.port : 0;
  const env = { ...environment(), STYLEFLOW_API: `http://127.0.0.1:${port}` };
  /** @type {Array<import('node:child_process').ChildProcess>} */
  const serving = [];
  let job = '';
  let batch = '';

  /** @param {string} command */
  const literal = (command) =>
    command
      .replace(/^npm start$/, `npm start -- --port ${port}`)
      .replace(/^styleflow /, 'npx styleflow ')
      .replaceAll(/(127\.0\.0\.1|localhost):8000/g, `127.0.0.1:${port}`)
      .replaceAll('https://example.org', `http://127.0.0.1:${filmPort}`)
      .replaceAll('FOLDER', 'bundles/styleflow')
      .replaceAll('JOB_ID', job)
      .replaceAll(/\bBATCH\b/g, batch);

  return {
    /**
     * @param {string} command as the README has it
     * @param {boolean} isPatient
     * @returns {Promise<'ok' | 'FAILED' | 'skipped'>}
     */
    async give(command, isPatient) {
      const rule = ruleOf(command);
      if (rule === undefined) {
        process.stdout.write(`no rule says how a reader gives: ${command}\n`);
        return 'FAILED';
      }
      if (rule.how === 'skipped' || (rule.how === 'slow' && !isPatient)) return 'skipped';
      const { text, exitCode } =
        rule.how === 'serves'
          ? await serve(literal(command), clone, env, rule.ready ?? /./, serving)
          : await run(literal(command), clone, env);
      // Made by the set-up of the first command.
      const sample = join(clone, 'samples/face.mp4');
      if (existsSync(sample) && !existsSync(join(clone, 'video.mp4'))) giveFilms(sample, clone);
      batch = /\bbat_\w{26}/.exec(text)?.[0] ?? batch;
      if (command.startsWith('curl -F')) job = /"id":"([^"]+)"/.exec(text)?.[1] ?? '';
      if (rule.repeats && rule.says?.test(text) === false && /"status":"(queued|preparing|scoring)"/.test(text))
        return this.give(command, isPatient);
      const isRight = (rule.exits ?? [0]).includes(exitCode ?? -1) && (rule.says?.test(text) ?? true);
      if (!isRight) process.stdout.write(`exit code ${exitCode} of ${literal(command)}:\n${text.slice(-4000)}\n`);
      return isRight ? 'ok' : 'FAILED';
    },
    async close() {
      for (const child of serving) await stop(child);
      await new Promise((resolve) => films.close(resolve));
    },
  };
}

/** A reader has a video, a folder of them, and a manifest. @param {string} sample @param {string} clone */
function giveFilms(sample, clone) {
  cpSync(sample, join(clone, 'video.mp4'));
  mkdirSync(join(clone, 'films'), { recursive: true });
  for (const name of ['a.mp4', 'b.mp4']) cpSync(sample, join(clone, 'films', name));
  writeFileSync(join(clone, 'manifest.csv'), 'source,id\nvideo.mp4,one\nfilms/a.mp4,two\n');
}

/** A newcomer has set nothing; films come from this machine. */
function environment() {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(STYLEFLOW_|npm_|INIT_CWD$|CI$|NODE_ENV$)/i.test(name),
  );
  return { ...Object.fromEntries(kept), STYLEFLOW_ALLOW_PRIVATE_SOURCES: 'true' };
}

/** @param {string} command @param {string} cwd @param {NodeJS.ProcessEnv} env */
function run(command, cwd, env) {
  return new Promise((/** @type {(outcome: { text: string, exitCode: number | null }) => void} */ resolve) => {
    const child = start(command, cwd, env);
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => {
        text += String(chunk);
      });
    const timer = setTimeout(() => void stop(child), LIMIT_MS);
    child.once('close', (exitCode) => {
      clearTimeout(timer);
      resolve({ text, exitCode });
    });
  });
}

/**
 * @param {string} command
 * @param {string} cwd
 * @param {NodeJS.ProcessEnv} env
 * @param {RegExp} ready
 * @param {import('node:child_process').ChildProcess[]} serving gets it
 * @returns {Promise<{ text: string, exitCode: number | null }>} 0 once it is ready
 */
function serve(command, cwd, env, ready, serving) {
  return new Promise((resolve) => {
    const child = start(command, cwd, env);
    serving.push(child);
    let text = '';
    const timer = setTimeout(() => resolve({ text, exitCode: -1 }), LIMIT_MS);
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => {
        text += String(chunk);
        if (!ready.test(text)) return;
        clearTimeout(timer);
        resolve({ text, exitCode: 0 });
      });
    child.once('close', (exitCode) => resolve({ text, exitCode: exitCode ?? -1 }));
  });
}

/** In a group of its own, so that all of it can be stopped. @param {string} command @param {string} cwd @param {NodeJS.ProcessEnv} env */
function start(command, cwd, env) {
  return spawn('sh', ['-c', command], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** @param {import('node:child_process').ChildProcess} child */
async function stop(child) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('close', resolve));
  process.kill(-child.pid, 'SIGTERM');
  await gone;
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
