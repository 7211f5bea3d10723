import { ENDED_STATUSES, JobError, type JobStatus, ListQuerySchema } from '@styleflow/contracts';
import { z } from 'zod';

/** Names and values: those of the list of jobs, and two times. */
const NAMES = ['status', 'verdict', 'minScore', 'maxScore', 'batch', 'q', 'since', 'until'] as const;
const TERM = /[\s,]*([A-Za-z]+)=(?:"([^"]*)"|([^\s,"]+))/y;
const SPAN = /^(\d{1,6})([mhd])$/;
const SPAN_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Which jobs are meant. */
export interface Where {
  /** As the list of jobs takes it; without a status those that have succeeded. */
  readonly query: Pick<z.infer<typeof ListQuerySchema>, 'verdict' | 'minScore' | 'maxScore' | 'batch' | 'q'> & {
    readonly status: JobStatus;
  };
  /** Of their submission, ms since the epoch: from this one on, and before that one. */
  readonly since: number | null;
  readonly until: number | null;
}

const WhereSchema = z.strictObject({
  ...ListQuerySchema.pick({ verdict: true, minScore: true, maxScore: true, batch: true, q: true }).shape,
  status: z.enum(ENDED_STATUSES).default('succeeded'),
  since: z.string().optional(),
  until: z.string().optional(),
});

/**
 * Reads terms like `verdict=fake minScore=0.2 q="my film" since=7d`, with blanks or commas between them. Times are dates in
 * ISO 8601, or how long ago: minutes, hours, days (`30m`, `12h`, `7d`).
 * @throws JobError `invalid_request` that says what is allowed
 */
export function parseWhere(texts: readonly string[], now: number = Date.now()): Where {
  const terms: Record<string, string> = {};
  for (const text of texts) {
    for (const [name, value] of termsOf(text)) {
      if (terms[name] !== undefined) throw refused(`${name} stands in it twice`);
      terms[name] = value;
    }
  }
  const read = WhereSchema.safeParse(terms);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw refused(
      issue?.code === 'unrecognized_keys'
        ? `it knows ${NAMES.join(', ')}, and not ${issue.keys.join(', ')}`
        : `${issue?.path.join('.')}: ${issue?.message}`,
    );
  }
  const { since, until, ...query } = read.data;
  return { query, since: since === undefined ? null : timeOf(since, now), until: until ? timeOf(until, now) : null };
}

function* termsOf(text: string): Generator<readonly [string, string]> {
  TERM.lastIndex = 0;
  let end = 0;
  for (let term = TERM.exec(text); term !== null; term = TERM.exec(text)) {
    const [, name = '', quoted, plain = ''] = term;
    end = TERM.lastIndex;
    yield [name, quoted ?? plain];
  }
  const rest = text.slice(end).trim();
  if (rest !== '') throw refused(`${JSON.stringify(rest)} is no name=value`);
}

function timeOf(text: string, now: number): number {
  const [, count, unit] = SPAN.exec(text) ?? [];
  if (count !== undefined) return now - Number(count) * SPAN_MS[unit as keyof typeof SPAN_MS];
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw refused(`${text} is neither a time (2026-01-31, 2026-01-31T12:00Z) nor a span (30m, 12h, 7d)`);
  return time;
}

function refused(why: string): JobError {
  return new JobError('invalid_request', `--where: ${why}`);
}
