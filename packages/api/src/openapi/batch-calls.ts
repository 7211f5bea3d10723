import {
  BatchListQuerySchema,
  BatchQuerySchema,
  ErrorsQuerySchema,
  NEXT_CURSOR_HEADER,
  ResultsQuerySchema,
} from '@styleflow/contracts';
import { deliveryCalls } from './delivery-calls.js';
import { queryParameters, schemaRef } from './schemas.js';
import { answer, headerParameter, json, pathParameter, problems } from './words.js';

const batchId = pathParameter('id', { type: 'string' });

/** Rows as NDJSON, of which a schema can describe a line, and as CSV. */
const rows = (name: 'ResultRow' | 'ErrorRow') => ({
  'application/x-ndjson': {
    schema: { type: 'string', description: `One \`${name}\` a line.` },
    itemSchema: schemaRef(name),
  },
  'text/csv': { schema: { type: 'string' } },
});

/** The calls about batches, as OpenAPI paths. */
export const BATCH_CALLS = {
  '/v1/batches': {
    post: {
      operationId: 'submitBatch',
      summary: 'Submit many videos at once, by a manifest',
      parameters: [
        ...queryParameters(BatchQuerySchema),
        headerParameter('Idempotency-Key', 'The same key and request: the first batch again.'),
      ],
      requestBody: {
        required: true,
        content: {
          ...json('BatchBody'),
          'text/csv': { schema: { type: 'string', description: 'With a header; by commas, semicolons or tabs.' } },
          'application/x-ndjson': {
            schema: { type: 'string', description: 'One `BatchItemBody` a line.' },
            itemSchema: schemaRef('BatchItemBody'),
          },
        },
      },
      responses: {
        200: answer('Of `dryRun=true`: what would come of it. Nothing was created.', json('DryRun')),
        202: answer('Accepted; `Location` is the batch. Its manifest is judged in the background.', json('Batch')),
        ...problems(
          'invalid_request',
          'conflict',
          'upload_expired',
          'payload_too_large',
          'unsupported_type',
          'idempotency_conflict',
          'bundle_unknown',
          'rate_limited',
          'storage_unavailable',
        ),
      },
    },
    get: {
      operationId: 'listBatches',
      summary: 'Batches, newest first, without their faults',
      parameters: queryParameters(BatchListQuerySchema),
      responses: { 200: answer('One page.', json('BatchList')), ...problems('invalid_request') },
    },
  },
  '/v1/batches/{id}': {
    get: {
      operationId: 'readBatch',
      summary: 'One batch: counts, errors by code, pace, when it may end',
      parameters: [batchId],
      responses: { 200: answer('The batch.', json('Batch')), ...problems('not_found', 'gone', 'storage_unavailable') },
    },
    delete: {
      operationId: 'deleteBatch',
      summary: 'Delete the batch with its jobs and everything stored for them; gone at once, deleted in the background',
      parameters: [batchId],
      responses: { 204: answer('Gone.'), ...problems('not_found', 'gone') },
    },
  },
  '/v1/batches/{id}/results': {
    get: {
      operationId: 'readResults',
      summary: 'A row for each item that has ended, in the order of the manifest, up to the first that has not',
      parameters: [
        batchId,
        ...queryParameters(ResultsQuerySchema),
        headerParameter('Accept', '`text/csv`, or NDJSON.'),
      ],
      responses: {
        200: {
          ...answer('The rows.', rows('ResultRow')),
          headers: {
            [NEXT_CURSOR_HEADER]: {
              description: 'Where to go on. Absent once all rows have been read, and with `follow=true`.',
              schema: { type: 'string' },
            },
          },
        },
        ...problems('invalid_request', 'not_found', 'gone', 'rate_limited', 'storage_unavailable'),
      },
    },
  },
  '/v1/batches/{id}/errors': {
    get: {
      operationId: 'readErrors',
      summary: 'What is wrong with the manifest, then the items that have failed',
      parameters: [batchId, ...queryParameters(ErrorsQuerySchema), headerParameter('Accept', '`text/csv`, or NDJSON.')],
      responses: {
        200: answer('The rows.', rows('ErrorRow')),
        ...problems('invalid_request', 'not_found', 'gone', 'storage_unavailable'),
      },
    },
  },
  ...deliveryCalls({
    path: '/v1/batches/{id}',
    name: 'batch',
    parameter: batchId,
    operationIds: { list: 'listBatchDeliveries', redeliver: 'redeliverOfBatch' },
  }),
  '/v1/batches/{id}/cancel': {
    post: {
      operationId: 'cancelBatch',
      summary: 'Begin no further item and stop those that run; what has ended stays',
      parameters: [batchId],
      responses: { 202: answer('It will end, or has.', json('Batch')), ...problems('not_found', 'conflict', 'gone') },
    },
  },
  '/v1/batches/{id}/retry': {
    post: {
      operationId: 'retryBatch',
      summary: 'Run all failed items of a batch that has ended again',
      parameters: [batchId],
      responses: { 202: answer('It runs again.', json('Batch')), ...problems('not_found', 'conflict', 'gone') },
    },
  },
};
