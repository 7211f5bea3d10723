import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { useFormatter, useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { ErrorNotice } from '../parts/error-notice.js';
import { PageTitle } from '../parts/page-title.js';
import { TimeText } from '../parts/time-text.js';
import { useAccess } from '../session/server-data.js';
import { NewBatch } from './new-batch.js';

const REFRESH_MS = 5_000;

/** The batches, newest first, and how to begin one. */
export function BatchesPage() {
  const t = useTranslations();
  const format = useFormatter();
  const { client } = useAccess();
  const [cursors, setCursors] = useState<readonly string[]>(['']);
  const cursor = cursors.at(-1) ?? '';
  const page = useQuery({
    queryKey: ['batches', cursor],
    queryFn: () => client.batches.page({ limit: 50, ...(cursor === '' ? {} : { cursor }) }),
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  });
  const { batches = [], nextCursor = null } = page.data ?? {};
  return (
    <>
      <PageTitle title={t('batches.title')} />
      <NewBatch />
      <ErrorNotice error={page.error} onAgain={() => void page.refetch()} />
      {batches.length === 0 ? (
        <p className="empty">{page.isPending ? '…' : t('batches.none')}</p>
      ) : (
        <div className="scroll">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t('batches.id')}</th>
                <th scope="col">{t('batches.status')}</th>
                <th scope="col" className="number">
                  {t('batches.items')}
                </th>
                <th scope="col" className="number">
                  {t('batches.failed')}
                </th>
                <th scope="col">{t('batches.created')}</th>
              </tr>
            </thead>
            <tbody>
              {batches.map(({ id, status, counts, createdAt }) => (
                <tr key={id}>
                  <td>
                    <Link href={`/batches/${id}`}>{id}</Link>
                  </td>
                  <td>{t(`batches.state.${status}`)}</td>
                  <td className="number">{format.number(counts.total)}</td>
                  <td className="number">{format.number(counts.failed)}</td>
                  <td>
                    <TimeText at={createdAt} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {(cursors.length > 1 || nextCursor !== null) && (
        <div className="row end">
          <Button className="button" isDisabled={cursors.length === 1} onPress={() => setCursors(cursors.slice(0, -1))}>
            ← {t('jobs.newer')}
          </Button>
          <span>{t('jobs.page', { page: cursors.length })}</span>
          <Button
            className="button"
            isDisabled={nextCursor === null}
            onPress={() => nextCursor !== null && setCursors([...cursors, nextCursor])}
          >
            {t('jobs.older')} →
          </Button>
        </div>
      )}
    </>
  );
}
