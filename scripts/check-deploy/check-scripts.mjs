import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { linesOf, runTool } from './run-tool.mjs';

const FOLDERS = ['deploy', 'scripts'];

/**
 * The shell scripts of the repository.
 * @param {import('../set-up/deploy-tools.mjs').DeployTools} tools
 * @param {string} root
 * @returns {import('./run-tool.mjs').Outcome}
 */
export function checkScripts({ programs }, root) {
  const path = programs.shellcheck ?? '';
  const found = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .map((name) => join(folder, String(name)))
      .filter((name) => name.endsWith('.sh') && !name.includes('node_modules')),
  );
  const scripts = ['.ci/run', ...found].filter((name) => existsSync(join(root, name)));
  const { ok, stdout } = runTool(path, ['--format=gcc', ...scripts], { cwd: root });
  const version = /^version: (\S+)/m.exec(runTool(path, ['--version']).stdout)?.[1];
  return {
    tool: `shellcheck ${version}`,
    checked: `${scripts.length} shell scripts`,
    findings: ok ? [] : linesOf(stdout),
  };
}
