import type { Job } from '@styleflow/client/browser';
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
import { JobFindings } from './job-findings.js';

/** One job, from waiting to what was found; it follows the job while it runs. */
export function JobPage({ id }: { readonly id: string }) {
  const t = useTranslations('job');
  const query = useFollowedJob(id);
  const job = query.data;
  return (
    <>
      <p className="trail">
        <Link href="/jobs">← {t('back')}</Link>
      </p>
      <PageTitle title={job === undefined ? id : jobName(job)}>
        {job !== undefined && <StatusMark status={job.status} />}
      </PageTitle>
      <ErrorNotice error={query.error} onAgain={() => void query.refetch()} />
      {job !== undefined && (
        <>
          <JobActions job={job} />
          {!hasEnded(job) && <JobProgress job={job} />}
          {job.error !== undefined && <JobFailure error={job.error} />}
          {job.status === 'succeeded' && <JobFindings job={job} />}
          <JobFacts job={job} />
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
      <Meter label={t('progress')} percent={percent} />
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

function JobFailure({ error }: { readonly error: NonNullable<Job['error']> }) {
  const t = useTranslations();
  return (
    <section className="card bad" role="alert">
      <h2>{t('job.failed')}</h2>
      <p>
        <strong>{t(`error.${error.code}`)}.</strong> {error.message}
      </p>
    </section>
  );
}
