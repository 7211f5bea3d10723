import type { Batch } from '@styleflow/client/browser';
import { useMutation, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo } from 'react';
import { Button } from 'react-aria-components/Button';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { goTo } from '../app/hash-location.js';
import { ConfirmButton } from '../parts/confirm-button.js';
import { ErrorNotice } from '../parts/error-notice.js';
import { PageTitle } from '../parts/page-title.js';
import { saveStream } from '../parts/save-file.js';
import { useAccess } from '../session/server-data.js';
import { BatchLabels } from './batch-labels.js';
import { BatchProgress } from './batch-progress.js';
import { useResultRows } from './read-results.js';
import { ResultTable } from './result-table.js';

const ScoreHistogram = lazy(() => import('./score-histogram.js'));
const REFRESH_MS = 3_000;

/** One batch: how far it is, what came of it, and what can be done with it. */
export function BatchPage({ id }: { readonly id: string }) {
  const t = useTranslations('batches');
  const { client } = useAccess();
  const query = useQuery({
    queryKey: ['batch', id],
    queryFn: ({ signal }) => client.batches.get(id, { signal }),
    refetchInterval: ({ state }) =>
      state.data?.status === 'running' || state.data?.status === 'validating' ? REFRESH_MS : false,
  });
  const batch = query.data;
  return (
    <>
      <p className="trail">
        <Link href="/batches">← {t('back')}</Link>
      </p>
      <PageTitle title={id}>
        {batch !== undefined && <span className="mark">{t(`state.${batch.status}`)}</span>}
      </PageTitle>
      <ErrorNotice error={query.error} onAgain={() => void query.refetch()} />
      {batch !== undefined && (
        <>
          <BatchActions batch={batch} onChange={() => void query.refetch()} />
          <BatchProgress batch={batch} />
          {batch.status !== 'refused' && <BatchResults batch={batch} />}
        </>
      )}
    </>
  );
}

function BatchResults({ batch }: { readonly batch: Batch }) {
  const t = useTranslations('batches');
  const query = useResultRows(batch);
  const { data: rows = [], error } = query;
  const scores = useMemo(() => rows.flatMap(({ score }) => (score === null ? [] : [score])), [rows]);
  const thresholds = new Set(rows.flatMap(({ threshold }) => (threshold === null ? [] : [threshold])));
  const threshold = thresholds.size === 1 ? ([...thresholds][0] ?? null) : null;
  return (
    <>
      <ErrorNotice error={error} onAgain={() => void query.refetch()} />
      {scores.length > 0 && (
        <div className="two">
          <section className="card" aria-label={t('histogram')}>
            <h2>{t('histogram')}</h2>
            <Suspense fallback={<div className="chart" />}>
              <ScoreHistogram scores={scores} threshold={threshold} />
            </Suspense>
          </section>
          <BatchLabels rows={rows} />
        </div>
      )}
      <section>
        <h2>{t('table')}</h2>
        {rows.length === 0 ? (
          <p className="empty">{query.isLoading ? '…' : t('noRows')}</p>
        ) : (
          <ResultTable rows={rows} />
        )}
      </section>
    </>
  );
}

function BatchActions({
  batch: { id, status, counts },
  onChange,
}: {
  readonly batch: Batch;
  readonly onChange: () => void;
}) {
  const t = useTranslations();
  const { client } = useAccess();
  const act = useMutation({ mutationFn: (what: 'cancel' | 'retry') => client.batches[what](id), onSuccess: onChange });
  const remove = useMutation({
    mutationFn: () => client.batches.delete(id),
    onSuccess: () => goTo('/batches', { replace: true }),
  });
  const save = useMutation({
    mutationFn: async (kind: 'csv' | 'excel' | 'ndjson' | 'errors') => {
      if (kind === 'errors') {
        return saveStream(
          `errors-${id}.csv`,
          await client.batches.exportErrors(id, { format: 'csv', excel: true }),
          'text/csv',
        );
      }
      const format = kind === 'ndjson' ? 'ndjson' : 'csv';
      const { bytes } = await client.batches.exportResults(id, { format, excel: kind === 'excel' });
      return saveStream(`results-${id}.${format}`, bytes, format === 'csv' ? 'text/csv' : 'application/x-ndjson');
    },
  });
  const isUnderWay = status === 'running' || status === 'validating';
  return (
    <>
      <div className="row">
        <span className="soft">{t('jobs.export')}:</span>
        {(['csv', 'excel', 'ndjson'] as const).map((kind) => (
          <Button key={kind} className="button small" isDisabled={save.isPending} onPress={() => save.mutate(kind)}>
            {t(`batches.${kind}`)}
          </Button>
        ))}
        <Button className="button small" isDisabled={save.isPending} onPress={() => save.mutate('errors')}>
          {t('batches.errorFile')}
        </Button>
        <Link className="button small" href={`/jobs?batch=${id}`}>
          {t('batches.showJobs')}
        </Link>
        {isUnderWay && (
          <ConfirmButton
            label={t('act.cancel')}
            title={t('batches.cancelSure')}
            text={t('batches.cancelText')}
            onConfirm={() => act.mutate('cancel')}
          />
        )}
        {status === 'ended' && counts.failed > 0 && (
          <Button className="button" isDisabled={act.isPending} onPress={() => act.mutate('retry')}>
            {t('batches.retry')}
          </Button>
        )}
        <ConfirmButton
          label={t('act.delete')}
          title={t('batches.deleteSure')}
          text={t('batches.deleteText')}
          isDangerous
          onConfirm={() => remove.mutate()}
        />
      </div>
      <ErrorNotice error={act.error ?? remove.error ?? save.error} />
    </>
  );
}
