import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * One digest over files' names and contents, and whatever else the result depends on.
 * @param {string[]} paths in a fixed order; a missing one counts as such
 * @param {string[]} [facts]
 * @returns {string} hexadecimal SHA-256
 */
export function digestOf(paths, facts = []) {
  const hash = createHash('sha256');
  for (const fact of facts) hash.update(`fact ${fact}\n`);
  for (const path of paths) {
    const bytes = readOrNull(path);
    hash.update(`file ${path} ${bytes === null ? 'missing' : bytes.length}\n`);
    if (bytes !== null) hash.update(bytes);
  }
  return hash.digest('hex');
}

/**
 * Does `work` unless it was done for this very digest. The stamp is written last, so that interrupted work is repeated,
 * and of a digest taken anew, so that it may cover what the work made.
 * @param {string} stampPath
 * @param {() => string} digest
 * @param {() => Promise<void>} work
 */
export async function onceFor(stampPath, digest, work) {
  if (readOrNull(stampPath)?.toString() === digest()) return;
  await work();
  mkdirSync(dirname(stampPath), { recursive: true });
  writeFileSync(stampPath, digest());
}

/** @param {string} path */
function readOrNull(path) {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}
