import type { ResultRow } from '@styleflow/client';
import type { EarlierVerdict } from './choose-jobs.js';
import { earlierOf } from './rescore-manifest.js';

interface Said {
  readonly label: string | null;
  readonly reason: string | null;
  readonly score: number | null;
}

/** One video under both verdicts. */
export interface Comparison {
  readonly job: string;
  readonly rescored: string | null;
  readonly file: string | null;
  readonly truth: string | null;
  /** Null where the earlier job is gone by now. */
  readonly before: (Said & { readonly bundle: string }) | null;
  readonly after: Said;
}

/** What became of a row: `lost`: its video could not be had any more. */
export type Fate = 'changed' | 'unchanged' | 'lost' | 'failed' | 'canceled';

const UNSAID: Said = { label: null, reason: null, score: null };

/** A row of the batch beside the verdict that stood before; null for a row that scores no job again. */
export function compareRow(row: ResultRow, earlier: EarlierVerdict | undefined): Comparison | null {
  const job = earlierOf(row.source);
  if (job === null) return null;
  const { label = null, reason = null, score = null } = earlier?.verdict ?? UNSAID;
  const { file } = earlier?.metadata ?? {};
  return {
    job,
    rescored: row.job,
    file: typeof file === 'string' ? file : null,
    truth: row.truth_label,
    before: earlier === undefined ? null : { label, reason, score, bundle: earlier.bundle },
    after: { label: row.verdict_label, reason: row.reason, score: row.score },
  };
}

/**
 * A verdict has changed with its label, and an inconclusive one with its reason: another score alone is no other verdict. Without the one
 * before there is nothing to compare, and the new one counts as changed.
 */
export function fateOf(row: Pick<ResultRow, 'status' | 'error_code'>, { before, after }: Comparison): Fate {
  if (row.status === 'failed') return row.error_code === 'source_unreachable' ? 'lost' : 'failed';
  if (row.status !== 'succeeded') return 'canceled';
  return before?.label === after.label && before?.reason === after.reason ? 'unchanged' : 'changed';
}
