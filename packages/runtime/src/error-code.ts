/**
 * The code of a JobError; `internal` for everything else. It is told by its name, since this package cannot import the
 * class.
 */
export function codeOf(error: unknown): string {
  const isJobError = error instanceof Error && error.name === 'JobError' && 'code' in error;
  return isJobError ? String(error.code) : 'internal';
}
