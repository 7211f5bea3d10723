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
    new Worker(new URL('./deep/one-thread.js', import.meta.url)).on('message', (said) => console.log(said));`,
  'dist/main.js': "import { state } from './state.js'; state.isSet = true; import('../program/serve.js');",
  'dist/state.js': 'export const state = { isSet: false };',
  'dist/common.js': "export const shared = 'shared'.concat(/^[–…😀]$/u.test('😀') ? ` · für 😀` : ''); // …",
  'dist/deep/beside.js': `
    import { readFileSync } from 'node:fs';
    export const text = readFileSync(new URL('../../beside.txt', import.meta.url), 'utf8');`,
  'dist/deep/one-thread.js': `
    import { parentPort } from 'node:worker_threads';
    import { shared } from '../common.js';
    parentPort.postMessage([shared, import.meta.url.split('/').slice(-2).join('/')].join(' in '));`,
};

it('a process and its threads run packed as they do from their modules, and find what lies beside these', async () => {
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  await writeProgram(folder, ['serve.js', 'deep/one-thread.js'], [join(folder, 'dist/state.js')]);
  const expected = 'what lies beside shared · für 😀\nshared · für 😀 in deep/one-thread.js\n';
  expect(execFileSync(process.execPath, [join(folder, 'dist/serve.js')], { encoding: 'utf8' })).toBe(expected);
  // The packed ones need none of the modules' files but those that were loaded before.
  for (const path of ['serve.js', 'common.js', 'deep']) rmSync(join(folder, 'dist', path), { recursive: true });
  expect(execFileSync(process.execPath, [join(folder, 'program/serve.js')], { encoding: 'utf8' })).toBe(expected);
  expect(execFileSync(process.execPath, [join(folder, 'dist/main.js')], { encoding: 'utf8' })).toBe(
    `the state that was set before\n${expected}`,
  );
  expect(readdirSync(join(folder, 'program'))).toEqual(
    expect.arrayContaining(['modules.json', 'one-thread.js', 'serve.js']),
  );
  for (const file of readdirSync(join(folder, 'program'))) {
    expect(readFileSync(join(folder, 'program', file), 'utf8')).toMatch(/^\p{ASCII}*$/u);
  }
});
