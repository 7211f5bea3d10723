import type { Batch } from '@styleflow/client';
import { isErrorCode } from '@styleflow/contracts';
import { EXIT, type ExitCode, exitCodeOf, worse } from '../exit-codes.js';

/** What the command exits with for a batch as it stands: the worst of what its items failed with; `refused` for its manifest. */
export function outcomeOf({ status, errors }: Batch): ExitCode {
  if (status === 'refused' || status === 'canceled') return EXIT.refused;
  return Object.keys(errors).reduce<ExitCode>(
    (code, error) => worse(code, isErrorCode(error) ? exitCodeOf({ code: error }) : EXIT.failed),
    EXIT.done,
  );
}
