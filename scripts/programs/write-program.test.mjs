import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { writeProgram } from './write-program.mjs';

const folder = mkdtempSync(join(tmpdir(), 'write-program-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** @type {Readonly<Record<string, string>>} */
const FILES = {
  'package.json': '{ "name": "made", "type": "module" }',
  'beside.txt': 'what lies beside',
  'dist/serve.js': `
    import { Worker } from 'node:worker_threads';
    import { text } from './deep/beside.js';
    import { shared } from './common.js';
    import { state } from './state.js';
    if (state.isSet) console.log('the state that was set before');
    console.log(text, shared);
    console.log('→ \\ä', \`\\\\ü\`, /^[ä-ü\\😀]+\\→$/.test('ö😀→'));
    import('node:path').then(({ posix }) => console.log(posix.sep));
    new Worker(new URL('./deep/one-thread.js', import.meta.url)).on('message', (said) => console.log(said));`,
  'dist/main.js': "import { state } from './state.js'; state.isSet = true; import('../program/serve.js');",
  'dist/state.js': 'export const state = { isSet: false };',
  'dist/common.js': "export const shared = 'shared'; // …",
  'dist/deep/beside.js': `
    import { readFileSync } from 'node:fs';
    export const text = readFileSync(new URL('../../beside.txt', import.meta.url), 'utf8');`,
  'dist/deep/one-thread.js': `
    import { parentPort } from 'node:worker_threads';
    import { shared } from '../common.js';
    parentPort.postMessage([shared, import.meta.url.split('/').slice(-2).join('/')].join(' in '));`,
};

/** Whether V8 has refused what was compiled before, of each file that the process has run. */
const REFUSED = `
  const { scripts } = require('./program/run.cjs');
  process.on('exit', () => console.log([...scripts.values()].map((script) => script.cachedDataRejected).join()));
  import('./program/serve.js');`;

it('a process and its threads run packed as they do from their modules, and find what lies beside these', async () => {
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  await writeProgram(folder, ['serve.js', 'deep/one-thread.js'], [join(folder, 'dist/state.js')]);
  const expected = 'what lies beside shared\n→ ä \\ü true\n/\nshared in deep/one-thread.js\n';
  const run = (/** @type {readonly string[]} */ ...args) =>
    execFileSync(process.execPath, [...args], { cwd: folder, encoding: 'utf8' });
  expect(run('dist/serve.js')).toBe(expected);
  // The packed ones need none of the modules' files but those that were loaded before.
  for (const path of ['serve.js', 'common.js', 'deep']) rmSync(join(folder, 'dist', path), { recursive: true });
  expect(run('program/serve.js')).toBe(expected);
  expect(run('dist/main.js')).toBe(`the state that was set before\n${expected}`);
  expect(readdirSync(join(folder, 'program'))).toEqual(
    expect.arrayContaining(['modules.json', 'one-thread.js', 'serve.js']),
  );
  const texts = readdirSync(join(folder, 'program')).filter((name) => /\.c?js$/.test(name));
  for (const name of texts) expect(readFileSync(join(folder, 'program', name), 'utf8')).toMatch(/^\p{ASCII}*$/u);
  // What was compiled then is taken, and with other flags of V8 compiled anew.
  expect(run('-e', REFUSED)).toBe(`${expected}false,false\n`);
  expect(run('--max-semi-space-size=3', '-e', REFUSED)).toBe(`${expected}true,true\n`);
});
