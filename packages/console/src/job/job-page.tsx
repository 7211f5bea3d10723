import type { Job } from '@styleflow/client/browser';
import { lazy, Suspense } from 'react';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { ErrorNotice } from '../parts/error-notice.js';
import { jobName } from '../parts/job-name.js';
import { StatusMark } from '../parts/marks.js';
import { Meter } from '../parts/meter.js';
import { PageTitle } from '../parts/page-title.js';
import { hasEnded, useFollowedJob } from './follow-job.js';
import { JobActions } from './job-actions.js';
import { JobFacts } from './job-facts.js';

const JobFindings = lazy(() => import('./job-findings.js'));

/** One job, from waiting to what was found; it follows the job while it runs. */
export function JobPage({ id }: { readonly id: string }) {
  const t = useTranslations();
  const query = useFollowedJob(id);
  const job = query.data;
  return (
    <>
      <p className="trail row">
        <Link href="/jobs">← {t('job.back')}</Link>
        {job?.batch !== undefined && /^bat_/.test(job.batch) && (
          <Link href={`/batches/${job.batch}`}>← {t('job.batchOf')}</Link>
        )}
      </p>
      <PageTitle title={job === undefined ? id : jobName(job)}>
        {job !== undefined && <StatusMark status={job.status} />}
      </PageTitle>
      <ErrorNotice error={query.error} onAgain={() => void query.refetch()} />
      {job !== undefined && (
        <>
          <JobActions job={job} />
          {!hasEnded(job) && <JobProgress job={job} />}
          {hasEnded(job) && (
            <Suspense fallback={<p className="soft">{t('app.loading')}</p>}>
              <JobFindings job={job} />
            </Suspense>
          )}
          {job.status !== 'succeeded' && <JobFacts job={job} />}
        </>
      )}
    </>
  );
}

function JobProgress({ job: { status, progress } }: { readonly job: Job }) {
  const t = useTranslations('job');
  const { percent, framesDecoded, framesTotal, clipsPlanned, clipsScored } = progress;
  return (
    <section className="card stack" aria-label={t('progress')}>
      {status !== 'queued' && <Meter label={t('progress')} percent={percent} />}
      {status === 'queued' ? (
        <p>{t('waitingText')}</p>
      ) : (
        <p>
          {framesTotal === null
            ? t('framesOnly', { done: framesDecoded })
            : t('frames', { done: framesDecoded, total: framesTotal })}
          {clipsPlanned > 0 && <> · {t('clips', { done: clipsScored, total: clipsPlanned })}</>}
        </p>
      )}
    </section>
  );
}
