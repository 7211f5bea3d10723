import {
  BatchListSchema,
  BatchSchema,
  ClipDetailsSchema,
  DryRunSchema,
  EntryDetailsSchema,
  EntryListSchema,
  JobListSchema,
  JobSchema,
  ModelsAnswerSchema,
  QueueFactsSchema,
  QueueListSchema,
  ResultSchema,
  SystemAnswerSchema,
  UploadAnswerSchema,
} from '@styleflow/contracts';
import { z } from 'zod';
import type { AnswerOf, JsonCall } from './documented.js';

/** The schema that each answer is checked against. */
export const ANSWERS = {
  submitJob: JobSchema,
  listJobs: JobListSchema,
  readJob: JobSchema,
  cancelJob: JobSchema,
  retryJob: JobSchema,
  readResult: ResultSchema,
  readClipDetails: ClipDetailsSchema,
  openUpload: UploadAnswerSchema,
  listModels: ModelsAnswerSchema,
  readSystem: SystemAnswerSchema,
  submitBatch: z.union([BatchSchema, DryRunSchema]),
  listBatches: BatchListSchema,
  readBatch: BatchSchema,
  cancelBatch: BatchSchema,
  retryBatch: BatchSchema,
  listQueues: QueueListSchema,
  listEntries: EntryListSchema,
  readEntry: EntryDetailsSchema,
  pauseQueue: QueueFactsSchema,
  resumeQueue: QueueFactsSchema,
} as const satisfies { readonly [Op in JsonCall]: z.ZodType<AnswerOf<Op>> };
