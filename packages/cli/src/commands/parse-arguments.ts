import { InvalidArgumentError } from 'commander';

/** A port, 0 for any free one. */
export function parsePort(text: string): number {
  return parseWhole(text, 0, 65_535);
}

export function parseMaxFrames(text: string): number {
  return parseWhole(text, 0, 500_000);
}

export function parsePriority(text: string): number {
  return parseWhole(text, 0, 9);
}

/** How many entries one page shows. */
export function parsePageSize(text: string): number {
  return parseWhole(text, 1, 200);
}

/** How many files are uploaded at once. */
export function parseParallel(text: string): number {
  return parseWhole(text, 1, 64);
}

/** A folder; an empty word, as of an unset variable in a shell, would mean the one that the user is in. */
export function parseFolder(text: string): string {
  if (text === '') throw new InvalidArgumentError('allowed: the path of a folder');
  return text;
}

function parseWhole(text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new InvalidArgumentError(`allowed: a whole number from ${min} to ${max}`);
  }
  return value;
}
