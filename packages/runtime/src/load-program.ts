import { readFileSync } from 'node:fs';
import { declareProduction } from './env.js';
import { packedProgram } from './packed-program.js';

/** A program's own modules alone are opened by the hundred at once; below this they cannot be. */
const LEAST_DESCRIPTORS = 256;

/**
 * Loads a process's program on demand, once it is known that it may open the files it consists of. Otherwise the loader of
 * modules would fail, with a stack and a sentence that is beside the point. It stands in a file of its own that imports next to
 * nothing, and says what must be said before anything else is loaded.
 * @param packed where the same program stands in a few files, with a slash at the end: taken while it is of the same modules
 */
export function loadProgram(load: () => Promise<unknown>, packed?: URL): void {
  const limit = softLimit();
  if (limit !== null && limit < LEAST_DESCRIPTORS) {
    process.stderr.write(
      `error: internal: This process may open ${limit} files, and needs ${LEAST_DESCRIPTORS} for its program alone: raise \`ulimit -n\`, to 1024 at the least.\n`,
    );
    process.exit(1);
  }
  declareProduction();
  const program = packed === undefined ? null : packedProgram(packed);
  void (program === null ? load() : import(program));
}

/** Null where the system does not tell. */
function softLimit(): number | null {
  try {
    const soft = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return soft === undefined ? null : Number(soft);
  } catch {
    return null;
  }
}
