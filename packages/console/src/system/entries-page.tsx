import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { useTranslations } from 'use-intl';
import { Link, useSearch } from 'wouter';
import { goTo } from '../app/hash-location.js';
import { Choice } from '../parts/choice.js';
import { ErrorNotice } from '../parts/error-notice.js';
import { PageTitle } from '../parts/page-title.js';
import { ageText } from '../parts/time-text.js';
import { useAccess } from '../session/server-data.js';
import { ENTRY_STATES, type EntryState } from './entry-states.js';

/** The entries of one queue in one state. */
export function EntriesPage({ queue: encoded }: { readonly queue: string }) {
  const t = useTranslations('system');
  const queue = decodeURIComponent(encoded);
  const asked = new URLSearchParams(useSearch()).get('state');
  const state: EntryState = ENTRY_STATES.find(([each]) => each === asked)?.[0] ?? 'failed';
  const address = `/system/queues/${encodeURIComponent(queue)}`;
  return (
    <>
      <p className="trail">
        <Link href="/system">← {t('back')}</Link>
      </p>
      <PageTitle title={t('entries', { queue })} />
      <div className="row">
        <Choice
          label={t('state')}
          value={state}
          options={ENTRY_STATES.map(([each, word]) => [each, t(word)] as const)}
          onChange={(next) => goTo(`${address}?state=${next}`, { replace: true })}
        />
      </div>
      <EntryList key={state} queue={queue} state={state} />
    </>
  );
}

function EntryList({ queue, state }: { readonly queue: string; readonly state: EntryState }) {
  const t = useTranslations();
  const { client } = useAccess();
  const [cursors, setCursors] = useState<readonly string[]>(['']);
  const cursor = cursors.at(-1) ?? '';
  const page = useQuery({
    queryKey: ['entries', queue, state, cursor],
    queryFn: () => client.entries(queue, { state, limit: 50, ...(cursor === '' ? {} : { cursor }) }),
    refetchInterval: 5_000,
  });
  const { entries = [], nextCursor = null } = page.data ?? {};
  return (
    <>
      <ErrorNotice error={page.error} onAgain={() => void page.refetch()} />
      {page.data !== undefined && entries.length === 0 && <p className="empty">{t('system.noEntries')}</p>}
      {entries.length > 0 && (
        <div className="scroll">
          <table className="table">
            <thead>
              <tr>
                {(['entry', 'job', 'attempts', 'age', 'takenBy', 'error'] as const).map((word) => (
                  <th key={word} scope="col">
                    {t(`system.${word}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {entries.map(({ id, job, attempts, ageSeconds, takenBy, error }) => (
                <tr key={id}>
                  <th scope="row" className="wrap">
                    <Link href={`/system/queues/${encodeURIComponent(queue)}/${encodeURIComponent(id)}`}>{id}</Link>
                  </th>
                  <td>{job === null ? '–' : <Link href={`/jobs/${job}`}>{job}</Link>}</td>
                  <td>{t('system.attemptsText', { started: attempts.started, failed: attempts.failed })}</td>
                  <td>{ageSeconds === null ? '–' : ageText(ageSeconds)}</td>
                  <td>{takenBy === null ? '–' : `${takenBy.host} : ${takenBy.pid}`}</td>
                  <td className="wrap">{error === null ? '–' : `${t(`error.${error.code}`)}. ${error.message}`}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <div className="row end">
        <Button className="button" isDisabled={cursors.length === 1} onPress={() => setCursors(cursors.slice(0, -1))}>
          ← {t('jobs.newer')}
        </Button>
        <span>{t('jobs.page', { page: cursors.length })}</span>
        <Button
          className="button"
          isDisabled={nextCursor === null}
          onPress={() => nextCursor !== null && setCursors([...cursors, nextCursor])}
        >
          {t('jobs.older')} →
        </Button>
      </div>
    </>
  );
}
