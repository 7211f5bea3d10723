import type { JobStatus } from '@styleflow/contracts';

/** What one call to make a job was answered. `id`: the job that the answer named. */
export type CreateAnswer =
  | { readonly kind: 'accepted'; readonly id: string }
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly code: string;
      readonly detail: string;
      readonly id: string | null;
    }
  | { readonly kind: 'unanswered'; readonly why: string };

/** One job that a client wants; its token lies in the job's metadata. A client without a key never repeats one. */
export interface CreateLog {
  readonly token: string;
  readonly isKeyed: boolean;
  /** Which of the run's videos. */
  readonly video: number;
  /** In order; a client with a key repeats until the first `accepted`. */
  readonly answers: CreateAnswer[];
}

/** What a client was told of a job that it was promised. Times: milliseconds since the start of the run. */
export interface JobLog {
  readonly id: string;
  readonly token: string;
  readonly acceptedAtMs: number;
  /** Every terminal status that a poll told, once. */
  readonly endsTold: JobStatus[];
  firstEndAtMs: number | null;
  /** Polls that said that there is no such job, while nobody had deleted it. */
  goneTold: number;
  cancel: 'no' | 'asked' | 'accepted';
  deletion: 'no' | 'asked' | 'done';
}

/** All that the clients of a run were told. */
export interface ClientLog {
  readonly creates: readonly CreateLog[];
  readonly jobs: readonly JobLog[];
}
