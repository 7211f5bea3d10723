import type { ViewedResult } from './viewed-job.js';

/**
 * Of a result with several opinions that of the one bundle whose scores its faces and clips have, as if it had been alone; any other
 * result as it is.
 */
export function leadResult(result: ViewedResult): ViewedResult {
  if (!result.combined) return result;
  const { opinions = [], combined: _combined, ...own } = result;
  const verdict = opinions.find(({ model }) => model.bundle === own.model.bundle)?.verdict;
  return { ...own, verdict: verdict ?? own.verdict };
}
