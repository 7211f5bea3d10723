import { ERROR_TABLE, type ErrorCode, type ResultRow } from '@styleflow/contracts';

/** Whether the video itself is at fault, so that no other try brings it. */
export function isFaultOfVideo(code: ErrorCode): boolean {
  return ERROR_TABLE[code].fault === 'input';
}

/**
 * Whether a video that has ended keeps its shard unwritten, since another try may bring it.
 * @param skipFailed whatever did not succeed is given up.
 */
export function isUnfinished(
  { status, error_code }: Pick<ResultRow, 'status' | 'error_code'>,
  skipFailed: boolean,
): boolean {
  if (status === 'succeeded' || skipFailed) return false;
  return status !== 'failed' || error_code === null || !isFaultOfVideo(error_code);
}
