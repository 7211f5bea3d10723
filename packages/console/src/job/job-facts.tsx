import type { Job } from '@styleflow/client/browser';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { TimeText } from '../parts/time-text.js';
import { useAccess } from '../session/server-data.js';

/** What a job was asked to do, when, and of what. */
export function JobFacts({ job }: { readonly job: Job }) {
  const t = useTranslations('job');
  const { client } = useAccess();
  const result = useQuery({
    queryKey: ['result', job.id, job.finishedAt],
    queryFn: () => client.jobs.result(job.id),
    enabled: job.status === 'succeeded',
    staleTime: Number.POSITIVE_INFINITY,
  }).data;
  const { bundle, ...options } = job.options;
  return (
    <section className="card">
      <h2>{t('facts')}</h2>
      <dl className="facts">
        <Fact name={t('id')}>
          <code>{job.id}</code>
        </Fact>
        <Fact name={t('source')}>{sourceText(job.source) ?? t('upload')}</Fact>
        {job.batch !== undefined && (
          <Fact name={t('batchOf')}>
            {/^bat_/.test(job.batch) ? <Link href={`/batches/${job.batch}`}>{job.batch}</Link> : job.batch}
          </Fact>
        )}
        {bundle !== undefined && (
          <Fact name={t('model')}>
            <code>{bundle}</code>
          </Fact>
        )}
        <Fact name={t('created')}>
          <TimeText at={job.createdAt} />
        </Fact>
        <Fact name={t('started')}>
          <TimeText at={job.startedAt} />
        </Fact>
        <Fact name={t('finished')}>
          <TimeText at={job.finishedAt} />
        </Fact>
        <Fact name={t('attempts')}>{job.attempts}</Fact>
        <Fact name={t('options')}>
          <code>{pairs(options)}</code>
        </Fact>
        {Object.keys(job.metadata).length > 0 && (
          <Fact name={t('metadata')}>
            <code>{pairs(job.metadata)}</code>
          </Fact>
        )}
        {result !== undefined && (
          <Fact name={t('sha256')}>
            <code>{result.video.sha256}</code>
          </Fact>
        )}
        {result?.notes !== undefined && result.notes.length > 0 && (
          <Fact name={t('notes')}>{result.notes.join(', ')}</Fact>
        )}
      </dl>
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function sourceText(source: Job['source']): string | null {
  if (source.type === 'url') return source.url;
  return source.type === 's3' ? `s3://${source.bucket}/${source.key}` : null;
}

function pairs(facts: object): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' · ');
}
