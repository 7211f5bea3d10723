import { ERROR_TABLE, JobError } from '@styleflow/contracts';
import { benchHelp } from './bench-help.js';
import { BENCHES, PATH_BENCHES } from './bench-list.js';
import { positionals, values } from './bench-options.js';
import { figureLines } from './print-figures.js';

/** Progress on stderr, the figures on stdout: one table for people, one JSON object for machines. */
async function main(): Promise<void> {
  if (values.help) {
    process.stdout.write(benchHelp(Object.keys(BENCHES), Object.keys(PATH_BENCHES)));
    return;
  }
  const [name = '', path] = positionals;
  const pathBench = Object.hasOwn(PATH_BENCHES, name) ? PATH_BENCHES[name] : undefined;
  if (pathBench && path !== undefined) {
    print({ [name]: await timed(name, (say) => pathBench(say, path)) });
    return;
  }
  if (pathBench) {
    process.stderr.write(`error: invalid_request: ${name} wants a file or folder behind its name\n`);
    process.exitCode = 2;
    return;
  }
  const unknown = positionals.filter((name) => !Object.hasOwn(BENCHES, name));
  if (unknown.length > 0) {
    process.stderr.write(
      `error: invalid_request: no benchmark ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')} and, with a path, ${Object.keys(PATH_BENCHES).join(', ')} (--help tells more)\n`,
    );
    process.exitCode = 2;
    return;
  }
  const figures: Record<string, unknown> = {};
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (positionals.length > 0 ? !positionals.includes(name) : name === 'device') continue;
    figures[name] = await timed(name, bench);
  }
  print(figures);
}

async function timed<T>(name: string, bench: (say: (line: string) => void) => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  process.stderr.write(`${name} …\n`);
  const figures = await bench((line) => process.stderr.write(`  ${line}\n`));
  process.stderr.write(`${name} took ${((performance.now() - startedAt) / 1000).toFixed(0)} s\n`);
  return figures;
}

function print(figures: Readonly<Record<string, unknown>>): void {
  process.stdout.write(values.json ? `${JSON.stringify(figures)}\n` : `${figureLines(figures).join('\n')}\n`);
}

main()
  .catch((error: unknown) => {
    // Of what was asked for wrongly, the place in here where it was noticed tells nobody anything.
    if (error instanceof JobError && ['caller', 'input'].includes(ERROR_TABLE[error.code].fault)) {
      process.stderr.write(`error: ${error.code}: ${error.message}\n`);
      process.exitCode = 2;
      return;
    }
    process.stderr.write(`error: internal: ${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  })
  // Node's own clean-up may turn in circles for ever after connections that broke in the middle of a write.
  .finally(() => process.exit());
