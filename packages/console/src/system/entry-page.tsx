import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { goTo } from '../app/hash-location.js';
import { ConfirmButton } from '../parts/confirm-button.js';
import { ErrorNotice } from '../parts/error-notice.js';
import { PageTitle } from '../parts/page-title.js';
import { ageText, TimeText } from '../parts/time-text.js';
import { useAccess } from '../session/server-data.js';
import { stateWord } from './entry-states.js';

/** One entry with all that it holds; one that nobody needs can be removed. */
export function EntryPage({ queue: encodedQueue, id: encodedId }: { readonly queue: string; readonly id: string }) {
  const t = useTranslations();
  const { client } = useAccess();
  const [queue, id] = [decodeURIComponent(encodedQueue), decodeURIComponent(encodedId)];
  const query = useQuery({
    queryKey: ['entry', queue, id],
    queryFn: () => client.entry(queue, id),
    refetchInterval: 5_000,
  });
  const back = `/system/queues/${encodeURIComponent(queue)}`;
  const remove = useMutation({ mutationFn: () => client.removeEntry(queue, id), onSuccess: () => goTo(back) });
  const entry = query.data;
  const hasLostWorker = entry?.state === 'active' && entry.lockSeconds === null;
  return (
    <>
      <p className="trail">
        <Link href={back}>
          ← {t('system.backToQueue')} ({queue})
        </Link>
      </p>
      <PageTitle title={id} />
      <ErrorNotice error={query.error ?? remove.error} />
      {entry !== undefined && (
        <>
          <dl className="facts card">
            <div>
              <dt>{t('system.state')}</dt>
              <dd>{t(`system.${stateWord(entry.state)}`)}</dd>
            </div>
            <div>
              <dt>{t('system.job')}</dt>
              <dd>
                {entry.job === null ? '–' : <Link href={`/jobs/${entry.job}`}>{entry.job}</Link>}
                {entry.jobStatus !== null && <> · {t(`status.${entry.jobStatus}`)}</>}
              </dd>
            </div>
            <div>
              <dt>{t('system.attempts')}</dt>
              <dd>{t('system.attemptsText', { started: entry.attempts.started, failed: entry.attempts.failed })}</dd>
            </div>
            <div>
              <dt>{t('system.age')}</dt>
              <dd>{entry.ageSeconds === null ? '–' : ageText(entry.ageSeconds)}</dd>
            </div>
            <div>
              <dt>{t('system.takenBy')}</dt>
              <dd>{entry.takenBy === null ? '–' : `${entry.takenBy.host} : ${entry.takenBy.pid}`}</dd>
            </div>
            <div>
              <dt>{t('system.lock')}</dt>
              <dd>
                {hasLostWorker
                  ? t('system.lockLost')
                  : entry.lockSeconds === null
                    ? '–'
                    : t('system.lockText', { age: ageText(entry.lockSeconds) })}
              </dd>
            </div>
            {entry.parent !== null && (
              <div>
                <dt>{t('system.parent')}</dt>
                <dd>
                  <EntryLink {...entry.parent} />
                </dd>
              </div>
            )}
          </dl>
          <h2>{t('system.inside')}</h2>
          {entry.payloadProblem !== null && <p className="notice bad">{entry.payloadProblem}</p>}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard */}
          <pre className="card scroll" tabIndex={0}>
            {typeof entry.payload === 'string' ? entry.payload : JSON.stringify(entry.payload, null, 2)}
          </pre>
          {entry.failures.length > 0 && (
            <>
              <h2>{t('system.failures')}</h2>
              <ul>
                {entry.failures.map(({ at, worker, code, message }) => (
                  <li key={`${at} ${message}`}>
                    <TimeText at={at} /> {worker ?? ''} · <strong>{t(`error.${code}`)}</strong> {message}
                  </li>
                ))}
              </ul>
            </>
          )}
          {entry.children !== null && entry.children.entries.length > 0 && (
            <>
              <h2>{t('system.childrenOf')}</h2>
              <ul>
                {entry.children.entries.map((child) => (
                  <li key={`${child.queue} ${child.id}`}>
                    <EntryLink queue={child.queue} id={child.id} /> · {t(`system.outcome.${child.outcome}`)}
                  </li>
                ))}
              </ul>
            </>
          )}
          <div className="row">
            <ConfirmButton
              label={t('system.remove')}
              title={t('system.removeSure')}
              text={t('system.removeText')}
              isDangerous
              isDisabled={remove.isPending}
              onConfirm={() => remove.mutate()}
            />
          </div>
        </>
      )}
    </>
  );
}

function EntryLink({ queue, id }: { readonly queue: string; readonly id: string }) {
  return <Link href={`/system/queues/${encodeURIComponent(queue)}/${encodeURIComponent(id)}`}>{id}</Link>;
}
