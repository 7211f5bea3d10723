import type { Job, Verdict } from '@styleflow/client/browser';
import { digitsApart } from '@styleflow/job-view';
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
export function VerdictMark({ label }: { readonly label: string | null | undefined }) {
  const t = useTranslations('verdict');
  if (!isLabel(label)) return <span className="soft">–</span>;
  return (
    <span className={`mark verdict-${label}`}>
      <span aria-hidden="true">{VERDICT_SIGNS[label]}</span> {t(label)}
    </span>
  );
}

const isLabel = (label: string | null | undefined): label is Verdict['label'] =>
  typeof label === 'string' && Object.hasOwn(VERDICT_SIGNS, label);

interface ScoreTextProps {
  readonly score: number | null | undefined;
  readonly threshold: number | null | undefined;
}

/** A score with two decimals, in the person's digits; with more where rounding would make it the threshold. */
export function ScoreText({ score, threshold }: ScoreTextProps) {
  const format = useFormatter();
  if (score === null || score === undefined) return <>–</>;
  const digits = digitsApart(score, threshold ?? score);
  return <>{format.number(score, { minimumFractionDigits: digits, maximumFractionDigits: digits })}</>;
}
