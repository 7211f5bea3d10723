import type { ResultRow } from '@styleflow/client/browser';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { itemName } from '../parts/job-name.js';
import { ScoreText, StatusMark, VerdictMark } from '../parts/marks.js';
import { ROWS_HELD } from './read-results.js';

const ROW_PX = 40;
const ROWS_AROUND = 12;

/** The rows of a batch, of which only those in view are made. */
export function ResultTable({ rows }: { readonly rows: readonly ResultRow[] }) {
  const t = useTranslations();
  const place = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => place.current,
    estimateSize: () => ROW_PX,
    overscan: ROWS_AROUND,
  });
  return (
    <>
      <p className="soft">
        {t(rows.length >= ROWS_HELD ? 'batches.tableCut' : 'batches.tableHint', { count: rows.length })}
      </p>
      <div
        ref={place}
        className="rows"
        tabIndex={0}
        role="table"
        aria-label={t('batches.table')}
        aria-rowcount={rows.length + 1}
      >
        <div role="rowgroup">
          <div role="row" className="result head" aria-rowindex={1}>
            <span role="columnheader">{t('jobs.name')}</span>
            <span role="columnheader">{t('jobs.status')}</span>
            <span role="columnheader">{t('jobs.verdict')}</span>
            <span role="columnheader" className="number">
              {t('jobs.score')}
            </span>
            <span role="columnheader">{t('batches.label')}</span>
          </div>
        </div>
        <div role="rowgroup" style={{ blockSize: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rows[index];
            return row === undefined ? null : <ResultLine key={row.index} row={row} place={index + 2} start={start} />;
          })}
        </div>
      </div>
    </>
  );
}

function ResultLine({
  row,
  place,
  start,
}: {
  readonly row: ResultRow;
  readonly place: number;
  readonly start: number;
}) {
  const t = useTranslations();
  const { source, status, verdict_label: label, score, threshold, error_code: code, truth_label: truth, job } = row;
  return (
    <div role="row" className="result" aria-rowindex={place} style={{ transform: `translateY(${start}px)` }}>
      <span role="cell" className="name" title={source}>
        {job === null ? itemName(row) : <Link href={`/jobs/${job}`}>{itemName(row)}</Link>}
      </span>
      <span role="cell">
        <StatusMark status={status} />
      </span>
      <span role="cell">{code === null ? <VerdictMark label={label} /> : t(`error.${code}`)}</span>
      <span role="cell" className="number">
        <ScoreText score={score} threshold={threshold} />
      </span>
      <span role="cell">{truth ?? ''}</span>
    </div>
  );
}
