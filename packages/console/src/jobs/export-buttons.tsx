import type { ListOptions } from '@styleflow/client/browser';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { useTranslations } from 'use-intl';
import { ErrorNotice } from '../parts/error-notice.js';
import { useAccess } from '../session/server-data.js';
import { exportJobs } from './export-jobs.js';

/** Saves every job that fits the filters. */
export function ExportButtons({ query }: { readonly query: ListOptions }) {
  const t = useTranslations();
  const { client } = useAccess();
  const stop = useRef(new AbortController());
  const [count, setCount] = useState(0);
  const run = useMutation({
    mutationFn: async (format: 'csv' | 'ndjson') => {
      stop.current = new AbortController();
      setCount(0);
      await exportJobs(client, query, { format, onCount: setCount, signal: stop.current.signal });
    },
  });
  if (run.isPending) {
    return (
      <span className="row">
        <span role="status">{t('jobs.exporting', { count })}</span>
        <Button className="button small" onPress={() => stop.current.abort()}>
          {t('analyse.stop')}
        </Button>
      </span>
    );
  }
  return (
    <span className="row">
      <span className="soft">{t('jobs.export')}:</span>
      <Button className="button small" onPress={() => run.mutate('csv')}>
        {t('jobs.exportCsv')}
      </Button>
      <Button className="button small" onPress={() => run.mutate('ndjson')}>
        {t('jobs.exportJson')}
      </Button>
      {!stop.current.signal.aborted && <ErrorNotice error={run.error} />}
    </span>
  );
}
