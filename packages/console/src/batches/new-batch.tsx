import type { DryRun } from '@styleflow/client/browser';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { FileTrigger } from 'react-aria-components/FileTrigger';
import { useFormatter, useTranslations } from 'use-intl';
import { goTo } from '../app/hash-location.js';
import { ErrorNotice } from '../parts/error-notice.js';
import { useAccess } from '../session/server-data.js';

/** Faults that are listed here; the error file of a batch has all. */
const FAULTS_SHOWN = 20;

/** Takes a list of videos, says what it would become, and begins it when that is wanted. */
export function NewBatch() {
  const t = useTranslations('batches');
  const { client } = useAccess();
  const [file, setFile] = useState<File | null>(null);
  const [skipInvalid, setSkip] = useState(false);
  const manifestOf = (chosen: File) => (/\.(ndjson|jsonl)$/i.test(chosen.name) ? { ndjson: chosen } : { csv: chosen });
  const check = useMutation({
    mutationFn: (chosen: File) => client.batches.dryRun(manifestOf(chosen), { skipInvalid: true }),
  });
  const create = useMutation({
    mutationFn: (chosen: File) => client.batches.create(manifestOf(chosen), { skipInvalid }),
    onSuccess: ({ id }) => goTo(`/batches/${id}`),
  });
  const choose = (list: FileList | null): void => {
    const chosen = list?.[0];
    if (chosen === undefined) return;
    setFile(chosen);
    setSkip(false);
    check.mutate(chosen);
  };
  return (
    <section className="card stack" aria-label={t('manifest')}>
      <div className="row">
        <FileTrigger acceptedFileTypes={['.csv', '.tsv', '.ndjson', '.jsonl']} onSelect={choose}>
          <Button className="button primary">{t('manifest')}</Button>
        </FileTrigger>
        <span className="soft">{file === null ? t('hint') : file.name}</span>
      </div>
      {check.isPending && <p role="status">{t('checking')}</p>}
      <ErrorNotice error={check.error ?? create.error} />
      {check.data !== undefined && file !== null && (
        <>
          <Judgement dryRun={check.data} />
          {check.data.faults.count > 0 && check.data.items > 0 && (
            <label className="tick">
              <input type="checkbox" checked={skipInvalid} onChange={({ target }) => setSkip(target.checked)} />
              <span>{t('skipInvalid')}</span>
            </label>
          )}
          <div>
            <Button
              className="button primary"
              isDisabled={check.data.items === 0 || (check.data.faults.count > 0 && !skipInvalid) || create.isPending}
              onPress={() => create.mutate(file)}
            >
              {t('start')}
            </Button>
          </div>
        </>
      )}
    </section>
  );
}

function Judgement({ dryRun: { items, faults, estimate } }: { readonly dryRun: DryRun }) {
  const t = useTranslations('batches');
  const format = useFormatter();
  const hours = estimate?.hours;
  const short = (value: number): string => format.number(value, { maximumSignificantDigits: 2 });
  return (
    <div role="status">
      <p>
        {t('would', { items })}, {t('faults', { count: faults.count })}
        {hours !== null && hours !== undefined && (
          <>; {t('estimate', { from: short(hours.from), to: short(hours.to) })}</>
        )}
        .
      </p>
      {faults.listed.length > 0 && (
        <ul>
          {faults.listed.slice(0, FAULTS_SHOWN).map(({ line, column, message }) => (
            <li key={`${line} ${column} ${message}`}>
              {t('line', { line })}
              {column === null ? '' : ` (${column})`}: {message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
