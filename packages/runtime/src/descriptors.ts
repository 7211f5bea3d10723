import { type FileHandle, open, readFile } from 'node:fs/promises';

/** Descriptors that this process may have open at once (Node raises the soft limit to the hard one); null where the system does not tell. */
export async function descriptorLimit(): Promise<number | null> {
  const text = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  const soft = /^Max open files\s+(\d+)/m.exec(text)?.[1];
  return soft === undefined ? null : Number(soft);
}

/**
 * Resolves when the process could open `count` more files now.
 * @throws the system's error (`EMFILE`, `ENFILE`)
 */
export async function spareDescriptors(count: number): Promise<void> {
  const opened: FileHandle[] = [];
  try {
    while (opened.length < count) opened.push(await open('/dev/null'));
  } finally {
    for (const handle of opened) await handle.close();
  }
}
