import type { Batch, ErrorCode } from '@styleflow/client/browser';
import { useFormatter, useTranslations } from 'use-intl';
import { Meter } from '../parts/meter.js';
import { TimeText } from '../parts/time-text.js';

const STATUSES = ['queued', 'preparing', 'scoring', 'succeeded', 'failed', 'canceled'] as const;

/** How far a batch is, how fast it goes, when it may end, and what went wrong. */
export function BatchProgress({ batch }: { readonly batch: Batch }) {
  const t = useTranslations();
  const format = useFormatter();
  const { counts, throughput, eta, faults, createdAt, finishedAt } = batch;
  const done = counts.succeeded + counts.failed + counts.canceled;
  const errors = Object.entries(batch.errors).sort(([, a], [, b]) => (b ?? 0) - (a ?? 0));
  return (
    <div className="two">
      <section className="card stack" aria-label={t('job.progress')}>
        <Meter
          label={t('job.progress')}
          percent={batch.status === 'validating' ? null : (done / Math.max(1, counts.total)) * 100}
        />
        <p>{t('batches.progress', { done, total: counts.total })}</p>
        <dl className="numbers">
          {STATUSES.map((status) => (
            <div key={status}>
              <dt>{t(`status.${status}`)}</dt>
              <dd>{format.number(counts[status])}</dd>
            </div>
          ))}
        </dl>
        <dl className="facts">
          {batch.status === 'running' && (
            <>
              <div>
                <dt>{t('batches.pace')}</dt>
                <dd>
                  {throughput.itemsPerHour === null
                    ? t('batches.unknown')
                    : t('batches.perHour', { count: throughput.itemsPerHour })}
                </dd>
              </div>
              <div>
                <dt>{t('batches.eta')}</dt>
                <dd>
                  {eta === null
                    ? t('batches.unknown')
                    : t('batches.between', {
                        from: format.dateTime(new Date(eta.from), { dateStyle: 'short', timeStyle: 'short' }),
                        to: format.dateTime(new Date(eta.to), { dateStyle: 'short', timeStyle: 'short' }),
                      })}
                </dd>
              </div>
            </>
          )}
          <div>
            <dt>{t('batches.created')}</dt>
            <dd>
              <TimeText at={createdAt} />
            </dd>
          </div>
          <div>
            <dt>{t('job.finished')}</dt>
            <dd>
              <TimeText at={finishedAt} />
            </dd>
          </div>
        </dl>
      </section>
      {(errors.length > 0 || faults.count > 0) && (
        <section className="card stack" aria-label={t('batches.errors')}>
          {errors.length > 0 && <h2>{t('batches.errors')}</h2>}
          <ul className="bars">
            {errors.map(([code, count = 0]) => (
              <li key={code}>
                <span>{t(`error.${code as ErrorCode}`)}</span>
                <span className="number">{format.number(count)}</span>
                <span className="bar" style={{ inlineSize: `${(count / Math.max(1, counts.failed)) * 100}%` }} />
              </li>
            ))}
          </ul>
          {faults.count > 0 && (
            <>
              <h2>{t('batches.faults', { count: faults.count })}</h2>
              <ul>
                {faults.listed.map(({ line, column, message }) => (
                  <li key={`${line} ${column} ${message}`}>
                    {t('batches.line', { line })}
                    {column === null ? '' : ` (${column})`}: {message}
                  </li>
                ))}
              </ul>
            </>
          )}
        </section>
      )}
    </div>
  );
}
