import type { GivenOptions, JobId, JobOptions, SubmittedSource, Webhook } from '@styleflow/contracts';
import type { KeyedRequest } from './claim-key.js';

/** What a caller wants to be made a job. */
export interface Submission {
  /** Minted first, so that every answer can name it: a multipart video is already stored under it. */
  readonly id: JobId;
  readonly owner: string;
  readonly source: SubmittedSource;
  readonly options: JobOptions;
  /** Those that were given: of an earlier job that is scored again, its own stand beneath them. */
  readonly given?: GivenOptions;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly webhook?: Webhook | undefined;
  /** The video already stands at the job's own place. */
  readonly isStored: boolean;
  /** Of a video that stands there. */
  readonly bytes?: number;
  readonly idempotency: KeyedRequest | undefined;
}
