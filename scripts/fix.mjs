import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asksForHelp } from './asks-for-help.mjs';
import { Refusal } from './set-up/refusal.mjs';
import { ROOT } from './set-up/root.mjs';
import { runInForeground } from './set-up/run-child.mjs';
import { setUp } from './set-up/set-up.mjs';

const HELP = `npm run fix

Formats, sorts imports and mends what the linter can mend safely, and names each file that it changed.

Exit codes: 0 nothing is left, 1 something is left to mend by hand, which is shown, 2 the arguments were refused.
`;

/**
 * `npm run fix`: formats, sorts imports and mends what the linter can mend safely, and names each file it changed.
 * @param {readonly string[]} args
 * @returns {Promise<number>} not 0 when something is left to mend by hand, which is shown
 */
export async function fix(args) {
  if (asksForHelp(args)) {
    process.stdout.write(HELP);
    return 0;
  }
  if (args.length > 0) throw new Refusal(`npm run fix takes no arguments, and was given ${args.join(' ')}`);
  await setUp({ needs: 'checking' });
  const before = digests();
  const biome = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
  const colors = process.stdout.isTTY ? [] : ['--colors=off'];
  const biomeArgs = [biome, 'check', '--write', '--error-on-warnings', ...colors, '.'];
  const exitCode = await runInForeground(process.execPath, biomeArgs, { ownGroup: false, cwd: ROOT });
  const changed = [...digests()].filter(([path, digest]) => before.get(path) !== digest).map(([path]) => path);
  for (const path of changed) process.stdout.write(`changed  ${path}\n`);
  process.stdout.write(`${changed.length} files changed\n`);
  return exitCode;
}

/** What git knows or would add, by path. @returns {Map<string, string>} */
function digests() {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const { stdout } = spawnSync('git', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 28 });
  const paths = [...new Set(stdout.split('\0'))].filter((path) => /\.(ts|mjs|js|json|css|html)$/.test(path));
  return new Map(
    paths
      .filter((path) => existsSync(join(ROOT, path)))
      .map((path) => [
        path,
        createHash('sha256')
          .update(readFileSync(join(ROOT, path)))
          .digest('hex'),
      ]),
  );
}
