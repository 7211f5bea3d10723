import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Debian's package `faketime` puts the library for programs with threads. */
const LIBRARIES = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map(
  (machine) => `/usr/lib/${machine}/faketime/libfaketimeMT.so.1`,
);

export interface SkewedClock {
  /** For a process that is to go by this clock, and for whatever it starts. */
  readonly environment: Readonly<Record<string, string>>;
  /** Seconds ahead of the machine's clock (negative: behind). Takes hold within a second, in processes that run too. */
  set(seconds: number): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A wall clock that processes can be given and that jumps when it is told to; at first it is right. Time spans (monotonic)
 * and the times of files stay true, as on a machine whose clock was set wrongly. Null where libfaketime is not installed.
 */
export async function makeSkewedClock(): Promise<SkewedClock | null> {
  const library = LIBRARIES.find((path) => existsSync(path));
  if (library === undefined) return null;
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-clock-'));
  const file = join(folder, 'offset');
  const set = async (seconds: number): Promise<void> => {
    // Renamed into place: a half-written one would be read as another time.
    await writeFile(`${file}.new`, `${seconds < 0 ? '-' : '+'}${Math.abs(Math.round(seconds))}s\n`);
    await rename(`${file}.new`, file);
  };
  await set(0);
  return {
    environment: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    },
    set,
    stop: () => rm(folder, { recursive: true, force: true }),
  };
}
