import { ERROR_TABLE, type JobError, toJobError } from '@styleflow/contracts';

/** 0: done. 1: the system failed. 2: the input or the arguments were refused. 3: unchanged, but nobody vouched for the signer. */
export const EXIT = { done: 0, failed: 1, refused: 2, unverified: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export function exitCodeOf(error: Pick<JobError, 'code'>): ExitCode {
  switch (ERROR_TABLE[error.code].fault) {
    case 'caller':
    case 'input':
      return EXIT.refused;
    case 'source':
    case 'surroundings':
    case 'worker':
    case 'system':
      return EXIT.failed;
  }
}

/** Prints an error as `error: <code>: <sentence>` on stderr. All commands tell errors this way. */
export function sayError(thrown: unknown): ExitCode {
  const error = toJobError(thrown);
  process.stderr.write(`error: ${error.code}: ${error.message}\n`);
  return exitCodeOf(error);
}

/** The worse of two exit codes: a failure of the system is worse than a refused input. */
export function worse(a: ExitCode, b: ExitCode): ExitCode {
  if (a === EXIT.failed || b === EXIT.failed) return EXIT.failed;
  return a === EXIT.refused || b === EXIT.refused ? EXIT.refused : EXIT.done;
}
