import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Button } from 'react-aria-components/Button';
import { useTranslations } from 'use-intl';
import { useStore } from '../app/store.js';
import { PageTitle } from '../parts/page-title.js';
import { useAccess } from '../session/server-data.js';
import { AddVideos } from './add-videos.js';
import { choicesDraft } from './drafts.js';
import { optionsOf } from './job-options.js';
import { OptionFields } from './option-fields.js';
import { SubmissionRow } from './submission-row.js';
import { addSubmissions, goOnAfterOutages, stopSubmission, submissions } from './submissions.js';

/** Rows that are shown at once; each follows its job. */
const ROWS_SHOWN = 40;

/** Takes videos and shows each from its upload to its verdict. */
export function AnalysePage() {
  const t = useTranslations();
  const { client } = useAccess();
  const choices = useStore(choicesDraft);
  const all = useStore(submissions);
  const models = useQuery({ queryKey: ['models'], queryFn: () => client.models() });
  const standard = models.data?.models.find(({ id }) => id === models.data.default);
  useEffect(() => goOnAfterOutages(client), [client]);
  const isUnderWay = all.some(({ phase }) => phase === 'waiting' || phase === 'uploading' || phase === 'submitting');
  return (
    <>
      <PageTitle title={t('analyse.title')} />
      {standard?.trained === false && <p className="notice warn">{t('app.untrained')}</p>}
      <AddVideos
        onAdd={(contents) => addSubmissions(client, contents, optionsOf(choices, models.data?.default ?? null))}
      />
      <details className="card">
        <summary>{t('analyse.options')}</summary>
        <p className="soft">{t('analyse.optionsHint')}</p>
        <OptionFields choices={choices} onChange={choicesDraft.set} />
      </details>
      <div className="row between">
        <h2>{t('analyse.running')}</h2>
        <span className="row">
          {all.length > 0 && (
            <span className="soft" role="status">
              {t('analyse.summary', { done: all.filter(({ phase }) => phase === 'submitted').length, all: all.length })}
            </span>
          )}
          {isUnderWay && (
            <Button
              className="button small"
              onPress={() => {
                for (const { key } of all) stopSubmission(key);
              }}
            >
              {t('analyse.stopAll')}
            </Button>
          )}
          {all.some(({ phase }) => phase === 'submitted') && (
            <Button
              className="button small"
              onPress={() => submissions.update((now) => now.filter(({ phase }) => phase !== 'submitted'))}
            >
              {t('analyse.clear')}
            </Button>
          )}
        </span>
      </div>
      {all.length === 0 ? (
        <p className="soft">{t('analyse.empty')}</p>
      ) : (
        <ul className="plain stack">
          {all.slice(0, ROWS_SHOWN).map((submission) => (
            <SubmissionRow key={submission.key} submission={submission} />
          ))}
        </ul>
      )}
      {all.length > ROWS_SHOWN && <p className="soft">… {all.length - ROWS_SHOWN}</p>}
    </>
  );
}
