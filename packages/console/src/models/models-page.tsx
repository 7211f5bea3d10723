import { useQuery } from '@tanstack/react-query';
import { useFormatter, useTranslations } from 'use-intl';
import { ErrorNotice } from '../parts/error-notice.js';
import { PageTitle } from '../parts/page-title.js';
import { useAccess } from '../session/server-data.js';

const REFRESH_MS = 10_000;

/** The model bundles, where they come from as far as their digests tell, and who serves them. */
export function ModelsPage() {
  const t = useTranslations('models');
  const format = useFormatter();
  const { client } = useAccess();
  const query = useQuery({ queryKey: ['models'], queryFn: () => client.models(), refetchInterval: REFRESH_MS });
  const models = query.data?.models ?? [];
  return (
    <>
      <PageTitle title={t('title')} />
      <ErrorNotice error={query.error} onAgain={() => void query.refetch()} />
      {query.data !== undefined && models.length === 0 && <p className="empty">{t('none')}</p>}
      <div className="cards">
        {models.map(({ id, digest, variant, trained, threshold, queue, workers }) => (
          <article key={id} className="card stack" aria-label={id}>
            <h2 className="wrap">{id}</h2>
            <p className="row">
              <span className={trained ? 'mark good' : 'mark warn'}>{trained ? t('trained') : t('untrained')}</span>
              {query.data?.default === id && <span className="soft">{t('default')}</span>}
            </p>
            {!trained && <p>{t('untrainedText')}</p>}
            {workers === 0 && <p className="notice warn">{t('nobody')}</p>}
            <dl className="facts">
              <div>
                <dt>{t('workers')}</dt>
                <dd>{t('workerCount', { count: workers })}</dd>
              </div>
              <div>
                <dt>{t('variant')}</dt>
                <dd>{isKnown(variant) ? t(variant) : variant}</dd>
              </div>
              <div>
                <dt>{t('threshold')}</dt>
                <dd>
                  {format.number(threshold, { maximumFractionDigits: 4 })}{' '}
                  <span className="soft">{t('thresholdHint')}</span>
                </dd>
              </div>
              <div>
                <dt>{t('digest')}</dt>
                <dd>
                  <code>{digest}</code>
                </dd>
              </div>
              <div>
                <dt>{t('queue')}</dt>
                <dd>
                  <code>{queue}</code>
                </dd>
              </div>
            </dl>
          </article>
        ))}
      </div>
    </>
  );
}

const isKnown = (variant: string): variant is 'style-content' | 'content' | 'custom' =>
  variant === 'style-content' || variant === 'content' || variant === 'custom';
