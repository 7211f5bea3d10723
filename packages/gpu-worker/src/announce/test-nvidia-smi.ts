import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** An nvidia-smi that answers as the test says. It is first on the PATH of this process. */
export interface NvidiaSmi {
  /** Makes it print these lines from now on; without lines it fails. */
  answer(...lines: string[]): Promise<void>;
  remove(): Promise<void>;
}

export async function placeNvidiaSmi(): Promise<NvidiaSmi> {
  const ownPath = process.env.PATH ?? '';
  const folder = await mkdtemp(join(tmpdir(), 'nvidia-smi-'));
  process.env.PATH = `${folder}${delimiter}${ownPath}`;
  return {
    async answer(...lines) {
      const draft = join(folder, 'draft');
      const body = lines.length === 0 ? 'exit 9' : lines.map((line) => `echo '${line}'`).join('\n');
      await writeFile(draft, `#!/bin/sh\n${body}\n`);
      await chmod(draft, 0o755);
      await rename(draft, join(folder, 'nvidia-smi'));
    },
    async remove() {
      process.env.PATH = ownPath;
      await rm(folder, { recursive: true });
    },
  };
}
