import { spawnSync } from 'node:child_process';

/**
 * What one check found. `tool` names what did the checking, with its version.
 * @typedef {{ tool: string, checked: string, findings: string[] }} Outcome
 */

/**
 * Runs a program to its end.
 * @param {string} path
 * @param {string[]} args
 * @param {{ input?: string, env?: Record<string, string>, cwd?: string }} [options]
 */
export function runTool(path, args, { input, env, cwd } = {}) {
  const { status, stdout, stderr, error } = spawnSync(path, args, {
    encoding: 'utf8',
    input: input ?? '',
    cwd,
    env: { ...process.env, ...env },
    maxBuffer: 64 * 1024 * 1024,
    timeout: 120_000,
  });
  if (error) throw error;
  return { ok: status === 0, stdout, stderr };
}

/**
 * The non-empty lines of a text, indented under a heading.
 * @param {string} text
 */
export function linesOf(text) {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
}
