import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { useTranslations } from 'use-intl';
import { Choice } from '../parts/choice.js';
import { type Filters, isNarrowed } from './filters.js';

const STATUSES = ['queued', 'preparing', 'scoring', 'succeeded', 'failed', 'canceled'] as const;
const LABELS = ['fake', 'real', 'inconclusive'] as const;
/** What is typed is asked for once the typing rests. */
const REST_MS = 350;

interface JobFiltersProps {
  readonly filters: Filters;
  readonly onChange: (filters: Filters) => void;
}

/** What the list of jobs is narrowed to. */
export function JobFilters({ filters, onChange }: JobFiltersProps) {
  const t = useTranslations();
  const set = (changed: Partial<Filters>): void => onChange({ ...filters, ...changed });
  return (
    <search className="card filters" aria-label={t('jobs.filters')}>
      <Typed label={t('jobs.q')} value={filters.q} isWide onChange={(q) => set({ q })} />
      <Choice
        label={t('jobs.status')}
        value={filters.status}
        options={[['', t('jobs.any')], ...STATUSES.map((status) => [status, t(`status.${status}`)] as const)]}
        onChange={(status) => set({ status })}
      />
      <Choice
        label={t('jobs.verdict')}
        value={filters.verdict}
        options={[['', t('jobs.any')], ...LABELS.map((label) => [label, t(`verdict.${label}`)] as const)]}
        onChange={(verdict) => set({ verdict })}
      />
      <Typed label={t('jobs.minScore')} value={filters.minScore} isNumber onChange={(minScore) => set({ minScore })} />
      <Typed label={t('jobs.maxScore')} value={filters.maxScore} isNumber onChange={(maxScore) => set({ maxScore })} />
      <Typed label={t('jobs.batch')} value={filters.batch} onChange={(batch) => set({ batch })} />
      <Button
        className="button"
        isDisabled={!isNarrowed(filters)}
        onPress={() => onChange({ status: '', verdict: '', minScore: '', maxScore: '', batch: '', q: '' })}
      >
        {t('jobs.reset')}
      </Button>
    </search>
  );
}

interface TypedProps {
  readonly label: string;
  readonly value: string;
  readonly isNumber?: boolean;
  readonly isWide?: boolean;
  readonly onChange: (value: string) => void;
}

function Typed({ label, value, isNumber = false, isWide = false, onChange }: TypedProps) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = window.setTimeout(() => onChange(text), REST_MS);
    return () => window.clearTimeout(timer);
  }, [text, value, onChange]);
  return (
    <label className={isWide ? 'field wide' : isNumber ? 'field tiny' : 'field'}>
      {label}
      <input
        value={text}
        inputMode={isNumber ? 'decimal' : 'text'}
        placeholder={isNumber ? '0–1' : undefined}
        spellCheck={false}
        onChange={({ target }) => setText(target.value)}
      />
    </label>
  );
}
