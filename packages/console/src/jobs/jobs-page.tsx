import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useCallback, useEffect, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { useTranslations } from 'use-intl';
import { Link, useSearch } from 'wouter';
import { goTo } from '../app/hash-location.js';
import { ErrorNotice } from '../parts/error-notice.js';
import { PageTitle } from '../parts/page-title.js';
import { useAccess } from '../session/server-data.js';
import { BulkActions } from './bulk-actions.js';
import { ExportButtons } from './export-buttons.js';
import { type Filters, isNarrowed, printFilters, queryOf, readFilters } from './filters.js';
import { JobFilters } from './job-filters.js';
import { JobTable } from './job-table.js';

const PAGE_ROWS = 50;
const REFRESH_MS = 5_000;

/** The jobs, a page at a time: however many there are, the browser holds fifty. */
export function JobsPage() {
  const t = useTranslations('jobs');
  const filters = readFilters(useSearch());
  const change = useCallback((next: Filters) => goTo(printFilters(next), { replace: true }), []);
  return (
    <>
      <PageTitle title={t('title')} />
      <JobFilters filters={filters} onChange={change} />
      <JobPages key={printFilters(filters)} filters={filters} />
    </>
  );
}

function JobPages({ filters }: { readonly filters: Filters }) {
  const t = useTranslations('jobs');
  const { client } = useAccess();
  // The cursors of the pages so far; '' begins at the newest job.
  const [cursors, setCursors] = useState<readonly string[]>(['']);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const cursor = cursors.at(-1) ?? '';
  const page = useQuery({
    queryKey: ['jobs', filters, cursor],
    queryFn: () => client.jobs.page({ ...queryOf(filters), limit: PAGE_ROWS, ...(cursor === '' ? {} : { cursor }) }),
    placeholderData: keepPreviousData,
    // Older pages change little, and nobody waits for them.
    refetchInterval: cursor === '' ? REFRESH_MS : false,
  });
  const { jobs = [], nextCursor = null } = page.data ?? {};
  const older = (): void => {
    if (nextCursor === null || page.isPlaceholderData) return;
    setSelected(new Set());
    setCursors([...cursors, nextCursor]);
  };
  const newer = (): void => {
    setSelected(new Set());
    if (cursors.length > 1) setCursors(cursors.slice(0, -1));
  };
  // A rare thing is found a stretch of the list at a time; an empty stretch is passed over.
  const isEmptyStretch = jobs.length === 0 && nextCursor !== null && !page.isPlaceholderData;
  useEffect(() => {
    if (isEmptyStretch && nextCursor !== null) setCursors((all) => [...all.slice(0, -1), nextCursor]);
  }, [isEmptyStretch, nextCursor]);
  const turn = (event: KeyboardEvent): void => {
    if (event.key === 'PageDown') older();
    else if (event.key === 'PageUp') newer();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const chosen = jobs.filter(({ id }) => selected.has(id));
  return (
    <section onKeyDownCapture={turn} aria-label={t('list')}>
      <div className="row between">
        <BulkActions jobs={chosen} onDone={() => setSelected(new Set())} />
        <ExportButtons query={queryOf(filters)} />
      </div>
      <ErrorNotice error={page.error} onAgain={() => void page.refetch()} />
      {jobs.length > 0 ? (
        <JobTable jobs={jobs} selected={selected} onSelect={setSelected} />
      ) : page.isPending || isEmptyStretch ? (
        <p role="status" className="soft">
          {isEmptyStretch ? t('looking') : '…'}
        </p>
      ) : (
        <p className="empty">
          {isNarrowed(filters) ? t('none') : t('noneAtAll')} <Link href="/">{t('goAnalyse')}</Link>
        </p>
      )}
      <div className="row between">
        <span className="soft hint">{t('keys')}</span>
        <span className="row">
          <Button className="button" isDisabled={cursors.length === 1} onPress={newer}>
            ← {t('newer')}
          </Button>
          <span role="status">{t('page', { page: cursors.length })}</span>
          <Button className="button" isDisabled={nextCursor === null} onPress={older}>
            {t('older')} →
          </Button>
        </span>
      </div>
    </section>
  );
}
