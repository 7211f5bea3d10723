import type { CALLS } from './generated/openapi-calls.js';
import type { components, operations } from './generated/openapi-types.js';

/** The bodies of the OpenAPI document, by their names there. */
export type Schemas = components['schemas'];

/** The name of a call in the document. */
export type Operation = keyof typeof CALLS;

/**
 * Calls whose answers are not read as JSON: they answer something else, or are for people, for orchestrators and for callers of the
 * original service. A call that the document gains needs an entry in one of both: it does not compile otherwise.
 */
type WithoutJson =
  | 'deleteJob'
  | 'deleteBatch'
  | 'deleteUpload'
  | 'readResults'
  | 'readErrors'
  | 'followJob'
  | 'readReport'
  | 'readSignature'
  | 'readEvidence'
  | 'readDocs'
  | 'readReportPdf'
  | 'readClipPicture'
  | 'readFrame'
  | 'readPreview'
  | 'removeEntry'
  | 'predict'
  | 'isAlive'
  | 'isReady'
  | 'readMetrics'
  | 'describe';

export type JsonCall = Exclude<Operation, WithoutJson>;

type JsonOf<R> = R extends { readonly content: { readonly 'application/json': infer T } } ? T : never;
type Responses<Op extends Operation> = operations[Op]['responses'];

/** What a call answers as JSON when it succeeds. */
export type AnswerOf<Op extends Operation> = JsonOf<Responses<Op>[keyof Responses<Op> & (200 | 201 | 202)]>;

/** The query string of a call. */
export type QueryOf<Op extends Operation> = NonNullable<operations[Op]['parameters']['query']>;

export type Job = Schemas['Job'];
export type JobList = Schemas['JobList'];
export type JobStatus = Job['status'];
export type Result = Schemas['Result'];
export type Verdict = Result['verdict'];
export type ClipDetails = Schemas['ClipDetails'];
export type JobLinks = Schemas['JobLinks'];
/** Who submitted a job, what was done, who fetched its evidence. */
export type CustodyLog = Schemas['CustodyLog'];
/** Public keys of the signatures. */
export type PublicKeys = Schemas['PublicKeys'];
export type Upload = Schemas['Upload'];
/** An upload as it stands. */
export type UploadState = Schemas['UploadState'];
/** One page of addresses of parts. */
export type UploadParts = Schemas['UploadParts'];
/** The sign of life that everyone may ask for, with the API's version. */
export type Health = Schemas['Healthcheck'];
export type Models = Schemas['Models'];
/** How a shadow differs from what is served. */
export type Disagreements = Schemas['Disagreements'];
export type System = Schemas['System'];
export type QueueFacts = Schemas['QueueFacts'];
export type QueueList = Schemas['QueueList'];
export type EntryList = Schemas['EntryList'];
export type EntryDetails = Schemas['EntryDetails'];

/** Where a video comes from. */
export type Source = Schemas['SubmitBody']['source'];
/** What a client may choose for a job; what is left out is decided by the API. */
export type JobOptions = NonNullable<Schemas['SubmitBody']['options']>;

export type Batch = Schemas['Batch'];
export type BatchList = Schemas['BatchList'];
/** A row of a manifest; further fields are kept as metadata. */
export type BatchItem = Schemas['BatchItemBody'];
/** What a manifest would take, and what is wrong with it. */
export type DryRun = Schemas['DryRun'];
export type ResultRow = Schemas['ResultRow'];
export type ErrorRow = Schemas['ErrorRow'];
/** Options without defaults: what is not given falls back to the batch, then to those of a job. */
export type GivenOptions = NonNullable<Schemas['BatchBody']['options']>;

/** Whom to tell of the end of a job. */
export type Webhook = NonNullable<Schemas['SubmitBody']['webhook']>;
/** One entry of a webhook's log. */
export type Delivery = Schemas['Delivery'];
