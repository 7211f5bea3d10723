import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The browser of the machine, as it lies on the PATH. */
export function findChromium(): string {
  const places = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'chromium'));
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error('there is no chromium');
  return found;
}
