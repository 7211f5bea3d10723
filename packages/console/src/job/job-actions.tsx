import type { Job } from '@styleflow/client/browser';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'react-aria-components/Button';
import { useTranslations } from 'use-intl';
import { API_ADDRESS } from '../app/api-address.js';
import { goTo } from '../app/hash-location.js';
import { ConfirmButton } from '../parts/confirm-button.js';
import { ErrorNotice } from '../parts/error-notice.js';
import { saveStream } from '../parts/save-file.js';
import { useAccess } from '../session/server-data.js';
import { hasEnded, jobQueryKey } from './follow-job.js';

const SAVED = ['saveReport', 'savePdf', 'saveResult', 'saveEvidence'] as const;
type Saved = (typeof SAVED)[number];

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
    mutationFn: async (what: Saved) => {
      switch (what) {
        case 'saveReport':
          return saveStream(`report-${id}.html`, await client.jobs.report(id), 'text/html');
        case 'savePdf':
          return saveStream(`report-${id}.pdf`, await client.jobs.reportPdf(id), 'application/pdf');
        case 'saveResult':
          // Byte by byte, as it is signed.
          return saveStream(`result-${id}.json`, await client.jobs.resultBytes(id), 'application/json');
        case 'saveEvidence':
          return saveStream(`evidence-${id}.zip`, await client.jobs.evidence(id), 'application/zip');
      }
    },
  });
  const open = useMutation({
    mutationFn: async (tab: Window | null) => {
      try {
        const { links: signed } = await client.jobs.links(id);
        const report = signed.report;
        if (tab === null || report === undefined) throw new Error(t('job.tabBlocked'));
        // The report's page has no business with this one.
        tab.opener = null;
        tab.location.replace(`${API_ADDRESS}${report}`);
      } catch (error) {
        tab?.close();
        throw error;
      }
    },
  });
  // At once: a tab that opens later than the press is one that browsers block.
  const openReport = (): void => open.mutate(window.open('about:blank', '_blank'));
  return (
    <>
      <div className="row">
        {status === 'succeeded' && (
          <>
            {hasKey && (
              <Button className="button primary" isDisabled={open.isPending} onPress={openReport}>
                {t('job.openReport')}
              </Button>
            )}
            {!hasKey && links.report !== undefined && (
              <a className="button primary" href={`.${links.report}`} target="_blank" rel="noreferrer">
                {t('job.openReport')}
              </a>
            )}
            {SAVED.map((what) => (
              <Button key={what} className="button" isDisabled={save.isPending} onPress={() => save.mutate(what)}>
                {t(`job.${what}`)}
              </Button>
            ))}
            <span role="status">{save.isPending && t('job.saving')}</span>
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
      <ErrorNotice error={act.error ?? remove.error ?? save.error ?? open.error} />
    </>
  );
}
