/** A JobError's own code; this room lies below the one that defines it, so it is known by its name. Anything else: `internal`. */
export function codeOf(error: unknown): string {
  const isJobError = error instanceof Error && error.name === 'JobError' && 'code' in error;
  return isJobError ? String(error.code) : 'internal';
}
