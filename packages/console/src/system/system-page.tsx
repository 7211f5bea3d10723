import type { QueueFacts, System } from '@styleflow/client/browser';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { Button } from 'react-aria-components/Button';
import { useFormatter, useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { ConfirmButton } from '../parts/confirm-button.js';
import { ErrorNotice } from '../parts/error-notice.js';
import { PageTitle } from '../parts/page-title.js';
import { ageText } from '../parts/time-text.js';
import { useAccess } from '../session/server-data.js';
import { WorkerTable } from './worker-table.js';

const QueueHistory = lazy(() => import('./queue-history.js'));
const REFRESH_MS = 3_000;

/** What goes on in the system, moving; with what an operator may do about it. */
export function SystemPage() {
  const t = useTranslations('system');
  const { client, isAdmin } = useAccess();
  const query = useQuery({
    queryKey: ['system'],
    queryFn: () => client.system(),
    enabled: isAdmin,
    refetchInterval: REFRESH_MS,
  });
  const system = query.data;
  return (
    <>
      <PageTitle title={t('title')} />
      {!isAdmin && <p className="notice">{t('forbidden')}</p>}
      <ErrorNotice error={query.error} onAgain={() => void query.refetch()} />
      {system !== undefined && (
        <>
          <p className="soft">
            {t('version', { version: system.version, store: system.store })} ·{' '}
            <Link href="/jobs?status=failed">{t('failedJobs')}</Link>
          </p>
          <Unserved queues={system.queues} />
          <QueueTable queues={system.queues} />
          <Suspense fallback={<div className="chart" />}>
            <QueueHistory queues={system.queues} at={query.dataUpdatedAt} />
          </Suspense>
          <WorkerTable workers={system.workers} />
        </>
      )}
    </>
  );
}

function Unserved({ queues }: Pick<System, 'queues'>) {
  const t = useTranslations('system');
  return queues
    .filter(({ waiting, workers, paused }) => waiting > 0 && workers === 0 && !paused)
    .map(({ name, waiting }) => (
      <p key={name} className="notice bad" role="alert">
        {t('unserved', { count: waiting, name })}
      </p>
    ));
}

const STATES = [
  ['waiting', 'waiting', 'waiting'],
  ['active', 'active', 'active'],
  ['delayed', 'delayed', 'delayed'],
  ['waitingChildren', 'children', 'waiting-children'],
  ['failed', 'failed', 'failed'],
  ['completed', 'completed', 'completed'],
] as const;

function QueueTable({ queues }: Pick<System, 'queues'>) {
  const t = useTranslations('system');
  return (
    <section>
      <h2>{t('queues')}</h2>
      <div className="scroll">
        <table className="table many">
          <thead>
            <tr>
              <th scope="col">{t('queue')}</th>
              {STATES.map(([, word]) => (
                <th key={word} scope="col" className="number">
                  {t(word)}
                </th>
              ))}
              <th scope="col" className="number">
                {t('oldest')}
              </th>
              <th scope="col" className="number">
                {t('workers')}
              </th>
              <td />
            </tr>
          </thead>
          <tbody>
            {queues.map((queue) => (
              <QueueRow key={queue.name} queue={queue} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function QueueRow({ queue }: { readonly queue: QueueFacts }) {
  const t = useTranslations('system');
  const format = useFormatter();
  const { client } = useAccess();
  const data = useQueryClient();
  const { name, paused, oldestSeconds, workers, bundle } = queue;
  const act = useMutation({
    mutationFn: () => (paused ? client.resumeQueue(name) : client.pauseQueue(name)),
    onSuccess: () => data.invalidateQueries({ queryKey: ['system'] }),
  });
  return (
    <tr>
      <th scope="row">
        <Link href={`/system/queues/${encodeURIComponent(name)}?state=waiting`}>{name}</Link>{' '}
        {paused && <span className="mark warn">{t('paused')}</span>}
        {bundle !== undefined && <span className="soft hint">{bundle}</span>}
        <ErrorNotice error={act.error} />
      </th>
      {STATES.map(([field, , state]) => (
        <td key={field} className="number">
          {queue[field] === 0 ? (
            '0'
          ) : (
            <Link href={`/system/queues/${encodeURIComponent(name)}?state=${state}`}>
              {format.number(queue[field])}
            </Link>
          )}
        </td>
      ))}
      <td className="number">{oldestSeconds === null ? '–' : ageText(oldestSeconds)}</td>
      <td className="number">{workers}</td>
      <td>
        {paused ? (
          <Button
            className="button small"
            isDisabled={act.isPending}
            aria-label={`${t('resume')}: ${name}`}
            onPress={() => act.mutate()}
          >
            {t('resume')}
          </Button>
        ) : (
          <ConfirmButton
            label={t('pause')}
            title={t('pauseSure', { name })}
            text={t('pauseText')}
            isDisabled={act.isPending}
            onConfirm={() => act.mutate()}
          />
        )}
      </td>
    </tr>
  );
}
