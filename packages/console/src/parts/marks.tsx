import type { Job, Verdict } from '@styleflow/client/browser';
import { useFormatter, useTranslations } from 'use-intl';

const STATUS_SIGNS = { queued: '○', preparing: '◔', scoring: '◑', succeeded: '●', failed: '✕', canceled: '–' } as const;

/** A job's status, by a sign and a word, so that it needs no colour. */
export function StatusMark({ status }: { readonly status: Job['status'] }) {
  const t = useTranslations('status');
  return (
    <span className={`mark status-${status}`}>
      <span aria-hidden="true">{STATUS_SIGNS[status]}</span> {t(status)}
    </span>
  );
}

const VERDICT_SIGNS = { fake: '▲', real: '▽', inconclusive: '◇' } as const;

/** A verdict in words that claim no more than the score does. */
export function VerdictMark({ verdict }: { readonly verdict: Verdict | undefined }) {
  const t = useTranslations('verdict');
  if (verdict === undefined) return <span className="soft">–</span>;
  return (
    <span className={`mark verdict-${verdict.label}`}>
      <span aria-hidden="true">{VERDICT_SIGNS[verdict.label]}</span> {t(verdict.label)}
    </span>
  );
}

/** A score with two decimals, in the person's digits. */
export function ScoreText({ score }: { readonly score: number | null | undefined }) {
  const format = useFormatter();
  if (score === null || score === undefined) return <>–</>;
  return <>{format.number(score, { minimumFractionDigits: 2, maximumFractionDigits: 2 })}</>;
}
