import type { EntryFacts, EntryState } from '@styleflow/contracts';

/** An age for people: `12 s`, `3 min`, `5 h`, `2 d`. */
export function ageText(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

/** A time in UTC, to the second; a dash for none. */
export function timeText(time: string | null): string {
  return time === null ? '–' : `${time.slice(0, 10)} ${time.slice(11, 19)}`;
}

export function gibText(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
}

export const STATE_WORDS: Readonly<Record<EntryState, string>> = {
  waiting: 'waiting',
  active: 'active',
  delayed: 'delayed',
  'waiting-children': 'waiting for children',
  failed: 'failed',
  completed: 'completed',
};

/** The work of an entry: `score · track 2, clip 7`. */
export function workText({ stage, run, track, clip }: EntryFacts): string {
  if (stage === null) return 'foreign';
  const repeated = run !== null && run > 1 ? ` · run ${run}` : '';
  return `${stage}${track === null ? '' : ` · track ${track}, clip ${clip}`}${repeated}`;
}

/** `2 of 4`, and how many starts were lost with their worker. */
export function attemptsText({ attempts, takeovers }: EntryFacts): string {
  const allowed = attempts.allowed === null ? '' : ` of ${attempts.allowed}`;
  const lost = takeovers === 0 ? '' : `, ${takeovers} lost`;
  return `${attempts.failed}${allowed} failed${lost}`;
}

export const pagePath = (queue: string, state: EntryState): string =>
  `/admin/queues/${encodeURIComponent(queue)}?state=${state}`;

export const entryPagePath = (queue: string, id: string): string =>
  `/admin/queues/${encodeURIComponent(queue)}/entries/${encodeURIComponent(id)}`;
