import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const NAME = 'secret.key';
const KEY_BYTES = 32;

/**
 * The key that seals credentials in this data folder, made at its first start. Only the owner of the file may read it. Call it while
 * the folder is locked.
 */
export function secretKeyOf(dataFolder: string): string {
  const path = join(dataFolder, NAME);
  if (!existsSync(path)) {
    // Whole or not at all: half a key would keep the system from starting.
    const draft = `${path}.draft`;
    rmSync(draft, { force: true });
    writeFileSync(draft, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: 0o600 });
    renameSync(draft, path);
  }
  return readFileSync(path, 'utf8').trim();
}
