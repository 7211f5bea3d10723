import { createHash } from 'node:crypto';

const DIGITS = 16;

/**
 * What a run's folder holds ends with a check, which tells what the run wrote from what was edited since or came from another run's folder.
 * It keeps figures from being mixed by mistake; who wants to forge them can.
 */
export function withCheck<T extends object>(run: string, value: T): T & { readonly check: string } {
  return { ...value, check: checkOf(run, value) };
}

/** Also true of what has no check: versions before wrote none. */
export function isAsWritten(run: string, value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('check' in value)) return true;
  const { check, ...rest } = value;
  return check === checkOf(run, rest);
}

/** Spaces and line breaks between values may change. */
function checkOf(run: string, value: object): string {
  return createHash('sha256')
    .update(`${run}\n${JSON.stringify(value)}`)
    .digest('hex')
    .slice(0, DIGITS);
}
