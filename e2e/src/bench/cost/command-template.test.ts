import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { commandFor } from './command-template.js';

const ODD = `/videos/it's "$HOME" $& {video}.mp4`;

it.each([
  ['bare', 'printf %s {video}'],
  ['in double quotes', 'printf %s "{video}"'],
  ['in single quotes', "printf %s '{video}'"],
])('puts the video into the line as one word, %s', (_how, template) => {
  expect(spawnSync('sh', ['-c', commandFor(template, ODD)], { encoding: 'utf8' }).stdout).toBe(ODD);
});

it('fills each place, also within a longer word', () => {
  expect(commandFor('a --in={video} && b {video}', '/v.mp4')).toBe("a --in='/v.mp4' && b '/v.mp4'");
});

it('refuses a line without a place for the video', () => {
  expect(() => commandFor('python detect.py', '/v.mp4')).toThrow('--command wants {video}');
});
