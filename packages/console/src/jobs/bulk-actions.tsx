import type { Job } from '@styleflow/client/browser';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'react-aria-components/Button';
import { useTranslations } from 'use-intl';
import { hasEnded } from '../job/follow-job.js';
import { ConfirmButton } from '../parts/confirm-button.js';
import { useErrorWords } from '../parts/error-notice.js';
import { useAccess } from '../session/server-data.js';

const AT_ONCE = 4;
type Act = 'cancel' | 'retry' | 'delete';

interface BulkActionsProps {
  readonly jobs: readonly Job[];
  readonly onDone: () => void;
}

/** What can be done with the selected jobs; refusals are counted and the first one is told. */
export function BulkActions({ jobs, onDone }: BulkActionsProps) {
  const t = useTranslations();
  const { client } = useAccess();
  const data = useQueryClient();
  const words = useErrorWords();
  const run = useMutation({
    mutationFn: async ({ act, ids }: { act: Act; ids: readonly string[] }) => {
      const refusals: unknown[] = [];
      const queue = ids.values();
      const lane = async (): Promise<void> => {
        for (const id of queue) await client.jobs[act](id).catch((error: unknown) => refusals.push(error));
      };
      await Promise.all(Array.from({ length: AT_ONCE }, lane));
      return { done: ids.length - refusals.length, refused: refusals.length, why: words(refusals[0]).detail };
    },
    onSuccess: () => {
      onDone();
      void data.invalidateQueries({ queryKey: ['jobs'] });
    },
  });
  const idsWhere = (fits: (job: Job) => boolean): string[] => jobs.filter(fits).map(({ id }) => id);
  const [running, failed] = [idsWhere((job) => !hasEnded(job)), idsWhere(({ status }) => status === 'failed')];
  const all = idsWhere(() => true);
  return (
    <div className="row bulk">
      <span role="status">
        {jobs.length === 0 && run.data !== undefined
          ? t('jobs.bulkDone', run.data)
          : t('jobs.selected', { count: jobs.length })}
      </span>
      <ConfirmButton
        label={t('act.cancel')}
        title={t('jobs.cancelSure', { count: running.length })}
        text={t('jobs.cancelText')}
        isDisabled={running.length === 0 || run.isPending}
        onConfirm={() => run.mutate({ act: 'cancel', ids: running })}
      />
      <Button
        className="button"
        isDisabled={failed.length === 0 || run.isPending}
        onPress={() => run.mutate({ act: 'retry', ids: failed })}
      >
        {t('act.retry')}
      </Button>
      <ConfirmButton
        label={t('act.delete')}
        title={t('jobs.deleteSure', { count: all.length })}
        text={t('jobs.deleteText')}
        isDangerous
        isDisabled={all.length === 0 || run.isPending}
        onConfirm={() => run.mutate({ act: 'delete', ids: all })}
      />
    </div>
  );
}
