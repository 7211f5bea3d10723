import { printable } from '@styleflow/job-view';
import { Button } from 'react-aria-components/Button';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { useFollowedJob } from '../job/follow-job.js';
import { ErrorNotice } from '../parts/error-notice.js';
import { ScoreText, StatusMark, VerdictMark } from '../parts/marks.js';
import { Meter } from '../parts/meter.js';
import { bytesText } from '../parts/time-text.js';
import { useAccess } from '../session/server-data.js';
import { forgetSubmission, goOnWith, LARGE_BYTES, type Submission, stopSubmission } from './submissions.js';

/** One video from the moment it was added to its verdict. */
export function SubmissionRow({ submission }: { readonly submission: Submission }) {
  const { jobId } = submission;
  const name = printable(submission.name);
  return (
    <li className="card submission">
      <div className="row between">
        <strong className="name">{jobId === undefined ? name : <Link href={`/jobs/${jobId}`}>{name}</Link>}</strong>
        {jobId === undefined ? <BeforeSubmission submission={submission} /> : null}
      </div>
      {jobId === undefined ? <UploadMeter submission={submission} /> : <AfterSubmission id={jobId} name={name} />}
    </li>
  );
}

function BeforeSubmission({ submission: { key, phase } }: { readonly submission: Submission }) {
  const t = useTranslations();
  const { client } = useAccess();
  const isUnderWay = phase === 'waiting' || phase === 'uploading' || phase === 'submitting';
  if (isUnderWay) {
    return (
      <Button className="button small" onPress={() => stopSubmission(key)}>
        {t('analyse.stop')}
      </Button>
    );
  }
  return (
    <span className="row">
      <Button className="button small" onPress={() => goOnWith(client, key)}>
        {t('analyse.goOn')}
      </Button>
      <Button className="button small" onPress={() => forgetSubmission(key)}>
        {t('act.remove')}
      </Button>
    </span>
  );
}

function UploadMeter({ submission }: { readonly submission: Submission }) {
  const t = useTranslations('analyse.phase');
  const { name, phase, sentBytes, totalBytes, error } = submission;
  if (phase === 'submitted') return null;
  const sizes = { sent: bytesText(sentBytes), total: bytesText(totalBytes) };
  return (
    <>
      {(phase === 'uploading' || phase === 'paused') && (
        <Meter label={name} percent={totalBytes === 0 ? null : (sentBytes / totalBytes) * 100} />
      )}
      {phase === 'submitting' && <Meter label={name} percent={null} />}
      <span className="soft">{t(phase === 'submitting' && totalBytes > LARGE_BYTES ? 'joining' : phase, sizes)}</span>
      {phase === 'failed' && <ErrorNotice error={error} />}
    </>
  );
}

function AfterSubmission({ id, name }: { readonly id: string; readonly name: string }) {
  const t = useTranslations();
  const { data: job, error } = useFollowedJob(id);
  if (job === undefined) return <ErrorNotice error={error} />;
  const { status, progress, verdict } = job;
  return (
    <>
      {status !== 'succeeded' && status !== 'failed' && status !== 'canceled' && (
        <Meter label={`${t('job.progress')}: ${name}`} percent={progress.percent} />
      )}
      <span className="row">
        <StatusMark status={status} />
        {verdict !== undefined && <VerdictMark label={verdict.label} />}
        {verdict !== undefined && verdict.score !== null && (
          <span className="soft">
            {t('jobs.score')} <ScoreText score={verdict.score} threshold={verdict.threshold} />
          </span>
        )}
        {job.error !== undefined && <span>{t(`error.${job.error.code}`)}</span>}
      </span>
      {job.error !== undefined && <span className="soft">{job.error.message}</span>}
    </>
  );
}
