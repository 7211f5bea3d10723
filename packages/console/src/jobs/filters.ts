import type { ListOptions } from '@styleflow/client/browser';

/** What the list is narrowed to, as it stands in the address; '' is no narrowing. */
export interface Filters {
  readonly status: string;
  readonly verdict: string;
  readonly minScore: string;
  readonly maxScore: string;
  readonly batch: string;
  readonly q: string;
}

const NAMES = ['status', 'verdict', 'minScore', 'maxScore', 'batch', 'q'] as const;

export function readFilters(search: string): Filters {
  const words = new URLSearchParams(search);
  return Object.fromEntries(NAMES.map((name) => [name, words.get(name) ?? ''])) as Record<
    (typeof NAMES)[number],
    string
  >;
}

/** The address of the list with these filters. */
export function printFilters(filters: Filters): string {
  const words = new URLSearchParams(NAMES.flatMap((name) => (filters[name] === '' ? [] : [[name, filters[name]]])));
  return words.size === 0 ? '/jobs' : `/jobs?${words}`;
}

/** Scores are typed with a point or a comma. */
function scoreOf(text: string): number | undefined {
  const value = Number(text.replace(',', '.'));
  return text === '' || !(value >= 0 && value <= 1) ? undefined : value;
}

/** The filters as the API takes them; what is no score is left out. */
export function queryOf({ status, verdict, minScore, maxScore, batch, q }: Filters): ListOptions {
  const [min, max] = [scoreOf(minScore), scoreOf(maxScore)];
  return {
    ...(status === '' ? {} : { status }),
    ...(verdict === '' ? {} : { verdict }),
    ...(min === undefined ? {} : { minScore: min }),
    ...(max === undefined ? {} : { maxScore: max }),
    ...(batch === '' ? {} : { batch }),
    ...(q.trim() === '' ? {} : { q: q.trim() }),
  } as ListOptions;
}

export const isNarrowed = (filters: Filters): boolean => NAMES.some((name) => filters[name] !== '');
