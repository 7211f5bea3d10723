import type { Job } from '@styleflow/client/browser';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'react-aria-components/Button';
import { useTranslations } from 'use-intl';
import { goTo } from '../app/hash-location.js';
import { ConfirmButton } from '../parts/confirm-button.js';
import { ErrorNotice } from '../parts/error-notice.js';
import { saveFile, saveStream } from '../parts/save-file.js';
import { useAccess } from '../session/server-data.js';
import { hasEnded, jobQueryKey } from './follow-job.js';

/** What can be done with a job as it stands. */
export function JobActions({ job }: { readonly job: Job }) {
  const t = useTranslations();
  const { client, hasKey } = useAccess();
  const data = useQueryClient();
  const { id, status, links } = job;
  const act = useMutation({
    mutationFn: async (what: 'cancel' | 'retry') => {
      await client.jobs[what](id);
      await data.invalidateQueries({ queryKey: jobQueryKey(id) });
    },
  });
  const remove = useMutation({
    mutationFn: () => client.jobs.delete(id),
    onSuccess: () => {
      data.removeQueries({ queryKey: jobQueryKey(id) });
      goTo('/jobs', { replace: true });
    },
  });
  const save = useMutation({
    mutationFn: async (what: 'report' | 'result') => {
      if (what === 'report') return saveStream(`report-${id}.html`, await client.jobs.report(id), 'text/html');
      const text = JSON.stringify(await client.jobs.result(id), null, 2);
      return saveFile(`result-${id}.json`, new Blob([text], { type: 'application/json' }));
    },
  });
  return (
    <>
      <div className="row">
        {status === 'succeeded' && (
          <>
            {/* A new tab sends no key; with one, the report is saved. */}
            {!hasKey && links.report !== undefined && (
              <a className="button primary" href={`.${links.report}`} target="_blank" rel="noreferrer">
                {t('job.openReport')}
              </a>
            )}
            <Button
              className={hasKey ? 'button primary' : 'button'}
              isDisabled={save.isPending}
              onPress={() => save.mutate('report')}
            >
              {t('job.saveReport')}
            </Button>
            <Button className="button" isDisabled={save.isPending} onPress={() => save.mutate('result')}>
              {t('job.saveResult')}
            </Button>
          </>
        )}
        {!hasEnded(job) && (
          <ConfirmButton
            label={t('act.cancel')}
            title={t('jobs.cancelSure', { count: 1 })}
            text={t('jobs.cancelText')}
            onConfirm={() => act.mutate('cancel')}
          />
        )}
        {status === 'failed' && (
          <Button className="button primary" isDisabled={act.isPending} onPress={() => act.mutate('retry')}>
            {t('act.retry')}
          </Button>
        )}
        <ConfirmButton
          label={t('act.delete')}
          title={t('jobs.deleteSure', { count: 1 })}
          text={t('jobs.deleteText')}
          isDangerous
          isDisabled={remove.isPending}
          onConfirm={() => remove.mutate()}
        />
      </div>
      <ErrorNotice error={act.error ?? remove.error ?? save.error} />
    </>
  );
}
