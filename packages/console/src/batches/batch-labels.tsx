import type { ResultRow } from '@styleflow/client/browser';
import { useMemo } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import { aucOf, type Labelled } from './auc.js';

/** How well scores and labels agree, where the manifest has labels; nothing otherwise. */
export function BatchLabels({ rows }: { readonly rows: readonly ResultRow[] }) {
  const t = useTranslations('batches');
  const format = useFormatter();
  const auc = useMemo(() => aucOf(rows.flatMap(labelledOf)), [rows]);
  if (auc === null) return null;
  const isUntrained = rows.some(({ reason }) => reason === 'untrained_bundle');
  return (
    <section className="card stack" aria-label={t('labels')}>
      <h2>{t('labels')}</h2>
      <p className="headline">
        {t('auc', { auc: format.number(auc.value, { minimumFractionDigits: 3, maximumFractionDigits: 3 }) })}
      </p>
      <p className="soft">{t('aucHint', { fakes: auc.fakes, reals: auc.reals })}</p>
      {isUntrained && <p className="notice warn">{t('aucUntrained')}</p>}
    </section>
  );
}

function labelledOf({ score, truth_label }: ResultRow): Labelled[] {
  if (score === null || (truth_label !== 'fake' && truth_label !== 'real')) return [];
  return [{ score, isFake: truth_label === 'fake' }];
}
