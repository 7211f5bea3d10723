import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PACKAGE_MAIN = fileURLToPath(new URL('../../../packages/client/dist/package-main.js', import.meta.url));

export interface PackedClient {
  /** An empty folder beside the package. */
  readonly folder: string;
  /** What is published, as files. */
  readonly contents: string;
  /** The tarball that `npm pack` makes of it. */
  readonly tarball: string;
  remove(): Promise<void>;
}

/** Writes the client as it is published, and packs it. */
export async function packClient(): Promise<PackedClient> {
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-packed-client-'));
  const contents = join(folder, 'package');
  await run(process.execPath, [PACKAGE_MAIN, contents]);
  const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: contents });
  return {
    folder,
    contents,
    tarball: join(folder, stdout.trim()),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
