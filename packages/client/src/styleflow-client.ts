import type { ApiAddress } from './api-address.js';
import { ApiCaller } from './api-caller.js';
import { Batches } from './batches.js';
import type {
  ClipDetails,
  Disagreements,
  EntryDetails,
  EntryList,
  Health,
  Job,
  JobList,
  Models,
  PublicKeys,
  QueryOf,
  QueueFacts,
  QueueList,
  Result,
  Source,
  System,
  Upload,
} from './documented.js';
import { Jobs, type ListOptions, type SubmitOptions } from './jobs.js';
import type { FollowedEvent } from './read-events.js';
import { Uploads } from './uploads.js';
import type { WaitOptions } from './wait-for-end.js';
import { verifyWebhook } from './webhooks.js';

export type EntriesOptions = Partial<QueryOf<'listEntries'>>;

/**
 * The one way to talk to the API, in Node and in browsers. Answers are checked against the schemas of the contract. What a call
 * throws is a `StyleFlowError`: the one that the API answered, or `internal` with a sentence when it cannot be reached.
 */
export class StyleFlowClient {
  readonly jobs: Jobs;
  readonly batches: Batches;
  readonly uploads: Uploads;
  readonly webhooks = { verify: verifyWebhook };
  readonly #caller: ApiCaller;

  constructor(address: ApiAddress) {
    this.#caller = new ApiCaller(address);
    this.uploads = new Uploads(this.#caller);
    this.jobs = new Jobs(this.#caller, this.uploads);
    this.batches = new Batches(this.#caller, this.uploads);
  }

  /** Whether the API answers, and its version. Needs no key. */
  health(): Promise<Health> {
    return this.#caller.read('healthcheck');
  }

  /** Model bundles and who serves them. */
  models(): Promise<Models> {
    return this.#caller.read('listModels');
  }

  /** How a shadow differs from what is served. Once keys are set it needs an admin key. */
  disagreements(id: string): Promise<Disagreements> {
    return this.#caller.read('readDisagreements', { path: { id } });
  }

  /** Public keys of the system's signatures: the one that signs first, then retired ones. */
  async keys(): Promise<PublicKeys> {
    return this.#caller.read('readKeys');
  }

  /** The store, queues, workers, versions. Once keys are set it needs an admin key, as do the calls about queues. */
  system(): Promise<System> {
    return this.#caller.read('readSystem');
  }

  queues(): Promise<QueueList> {
    return this.#caller.read('listQueues');
  }

  /** One page of entries; without a state, of the failed ones. `nextCursor` is the `cursor` of the next page. */
  entries(queue: string, query: EntriesOptions = {}): Promise<EntryList> {
    return this.#caller.read('listEntries', { path: { queue }, query });
  }

  entry(queue: string, id: string): Promise<EntryDetails> {
    return this.#caller.read('readEntry', { path: { queue, id } });
  }

  /** Pauses a queue: workers finish the entries that they have, and take no more until it is resumed. */
  pauseQueue(queue: string): Promise<QueueFacts> {
    return this.#caller.read('pauseQueue', { path: { queue } });
  }

  resumeQueue(queue: string): Promise<QueueFacts> {
    return this.#caller.read('resumeQueue', { path: { queue } });
  }

  /** Takes an entry out that nobody needs: not the product's, or of a job that is over or gone. */
  async removeEntry(queue: string, id: string): Promise<void> {
    await this.#caller.send('removeEntry', { path: { queue, id } });
  }

  // Short forms of the calls about jobs.

  submit(source: Source, options: SubmitOptions = {}): Promise<Job> {
    return this.jobs.submit(source, options);
  }

  openUpload(bytes?: number): Promise<Upload> {
    return this.uploads.open(bytes);
  }

  job(id: string): Promise<Job> {
    return this.jobs.get(id);
  }

  wait(id: string, options: WaitOptions<Job> = {}): Promise<Job> {
    return this.jobs.wait(id, options);
  }

  result(id: string): Promise<Result> {
    return this.jobs.result(id);
  }

  report(id: string): Promise<ReadableStream<Uint8Array>> {
    return this.jobs.report(id);
  }

  clipPicture(id: string, track: number, clip: number): Promise<ReadableStream<Uint8Array>> {
    return this.jobs.clipPicture(id, track, clip);
  }

  clipDetails(id: string, track: number, clip: number): Promise<ClipDetails> {
    return this.jobs.clipDetails(id, track, clip);
  }

  /** One page of jobs. */
  list(query: ListOptions = {}): Promise<JobList> {
    return this.jobs.page(query);
  }

  cancel(id: string): Promise<Job> {
    return this.jobs.cancel(id);
  }

  retry(id: string): Promise<Job> {
    return this.jobs.retry(id);
  }

  delete(id: string): Promise<void> {
    return this.jobs.delete(id);
  }

  events(
    id: string,
    options: { lastEventId?: string; signal?: AbortSignal } = {},
  ): AsyncGenerator<FollowedEvent, void> {
    return this.jobs.events(id, options);
  }
}
