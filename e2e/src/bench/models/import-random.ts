import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../../../packages/cli/dist/main.js', import.meta.url));

/** Imports checkpoints of random values by the command line, as users do. Answers its output for machines. */
export async function importRandom(
  flags: readonly string[],
): Promise<{ readonly rounding: unknown; readonly int8: unknown }> {
  const child = spawn(process.execPath, [CLI, 'models', 'import', ...flags, '--untrained', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [answer, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`models import ${flags.join(' ')} ended with ${code}`);
  return JSON.parse(answer);
}
