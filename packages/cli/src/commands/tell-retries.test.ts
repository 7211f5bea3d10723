import type { StyleFlowClient } from '@styleflow/client';
import { type EntryDetails, JobError, mintJobId } from '@styleflow/contracts';
import { until } from '@styleflow/testing';
import { expect, it } from 'vitest';
import { tellRetries } from './tell-retries.js';

const WAITING = {
  state: 'delayed',
  retryAt: new Date(Date.now() + 3_600_000).toISOString(),
  attempts: { started: 1, failed: 1, allowed: 3 },
  error: { code: 'source_unreachable', message: 'The source answered 503.' },
};

it('a failed attempt that waits is told once, with its reason, and the next one again', async () => {
  const job = mintJobId();
  const later = {
    ...WAITING,
    retryAt: new Date(Date.now() + 7_200_000).toISOString(),
    attempts: { ...WAITING.attempts, failed: 2 },
  };
  const answers: unknown[] = [
    { ...WAITING, state: 'active' },
    WAITING,
    WAITING,
    new JobError('queue_unavailable', 'away'),
    later,
  ];
  const asked: string[] = [];
  const client = {
    entry: async (_queue: string, id: string) => {
      asked.push(id);
      const answer = answers.shift() ?? later;
      if (answer instanceof JobError) throw answer;
      return answer as EntryDetails;
    },
  } satisfies Pick<StyleFlowClient, 'entry'>;
  const said: string[] = [];
  const end = new AbortController();
  const telling = tellRetries(client, job, { say: (line) => said.push(line), signal: end.signal, everyMs: 1 });
  await until('both are told', () => said.length >= 2 && asked.length > 8);
  end.abort();
  await telling;
  expect(said).toEqual([
    expect.stringMatching(
      /^attempt 1 of 3 failed: source_unreachable: The source answered 503\.; tried again in 3\d{3} s$/,
    ),
    expect.stringMatching(/^attempt 2 of 3 failed/),
  ]);
  expect(new Set(asked)).toEqual(new Set([`${job}.1.prepare`]));
});
