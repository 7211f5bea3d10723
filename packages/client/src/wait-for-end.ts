import { isEnded, type Job, JobError, JobSchema } from '@styleflow/contracts';
import { type ApiAddress, callApi, sleep } from './call-api.js';

export interface WaitOptions {
  /** Called with the job at first and then at every change that is seen (about once a second). */
  readonly onChange?: (job: Job) => void;
  /** Ends the wait; the job goes on. */
  readonly signal?: AbortSignal | undefined;
  /** An API that is away for so long in one go ends the wait with its error; the job goes on. */
  readonly patienceMs?: number;
}

/** How long one call is held: with someone who looks on, as long as a change may stay unseen. */
const HOLD_S = 30;
const HOLD_WATCHED_S = 1;
/** After an error without a wish of the server. */
const RETRY_S = 1;

/**
 * The job once it has ended, however it ended. Asks the API to hold its answer, and polls by `Retry-After` one that
 * does not.
 * @throws JobError of a call that cannot succeed later (`not_found`, `unauthorized`, …), or of an outage beyond `patienceMs`
 */
export async function waitForEnd(address: ApiAddress, id: string, options: WaitOptions): Promise<Job> {
  const { onChange, signal, patienceMs = 30_000 } = options;
  const hold = onChange === undefined ? HOLD_S : HOLD_WATCHED_S;
  let etag: string | null = null;
  let hasAnswered = false;
  let failingSince: number | null = null;
  for (;;) {
    try {
      const response: Response = await callApi(address, {
        method: 'GET',
        path: `/v1/jobs/${encodeURIComponent(id)}`,
        headers: { Prefer: `wait=${hold}`, ...(etag === null ? {} : { 'If-None-Match': etag }) },
        signal,
      });
      hasAnswered = true;
      failingSince = null;
      if (response.status === 200) {
        etag = response.headers.get('ETag');
        const job = JobSchema.parse(await response.json());
        onChange?.(job);
        if (isEnded(job.status)) return job;
      }
      if (response.headers.get('Preference-Applied') === null) await sleep(retryAfterMs(response), signal);
    } catch (error) {
      if (!(error instanceof JobError) || !error.retryable) throw error;
      // An address at which nothing ever answered is more likely wrong than away.
      if (error.code === 'internal' && !hasAnswered) throw error;
      failingSince ??= performance.now();
      if (performance.now() - failingSince > patienceMs) throw error;
      const seconds = error.details?.retryAfterSeconds;
      await sleep((typeof seconds === 'number' ? seconds : RETRY_S) * 1000, signal);
    }
  }
}

function retryAfterMs(response: Response): number {
  const seconds = Number(response.headers.get('Retry-After') ?? RETRY_S);
  return (Number.isFinite(seconds) && seconds > 0 ? seconds : RETRY_S) * 1000;
}
