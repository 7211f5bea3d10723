import type { Job } from '@styleflow/client/browser';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { TimeText } from '../parts/time-text.js';
import { OptionsText } from './options-text.js';

/** What a job was asked to do, when, and of what, as long as no result says it. */
export function JobFacts({ job }: { readonly job: Job }) {
  const t = useTranslations('job');
  const { bundle, bundles = bundle === undefined ? [] : [bundle] } = job.options;
  return (
    <section className="card job-facts">
      <h2>{t('facts')}</h2>
      <dl className="facts">
        <Fact name={t('id')}>
          <code>{job.id}</code>
        </Fact>
        <Fact name={t('source')}>{sourceText(job.source) ?? t('upload')}</Fact>
        {bundles.length > 0 && (
          <Fact name={t('model')}>
            <code>{bundles.join(' · ')}</code>
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
          <OptionsText job={job} />
        </Fact>
        {Object.keys(job.metadata).length > 0 && (
          <Fact name={t('metadata')}>
            <code>{pairs(job.metadata)}</code>
          </Fact>
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
