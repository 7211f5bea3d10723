import type { Job, Result } from '@styleflow/contracts';

/** What the view reads of a job: the API's answer has all of it. */
export type ViewedJob = Pick<Job, 'id' | 'status' | 'source' | 'options' | 'metadata' | 'createdAt'> &
  Partial<Pick<Job, 'finishedAt' | 'error'>>;
export type ViewedResult = Result;
export type ViewedFace = Result['faces'][number];
export type ViewedClip = ViewedFace['clips'][number];
export type ViewedModel = Result['model'];

/** 31 × 18 (steps × layers) and 16 × 16; absent of bundles without a style branch. */
export interface ClipDetails {
  readonly styleFlow?: readonly (readonly number[])[] | undefined;
  readonly attention?: readonly (readonly number[])[] | undefined;
}
