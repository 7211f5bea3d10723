import {
  BatchBodySchema,
  BatchItemBodySchema,
  BatchListQuerySchema,
  BatchListSchema,
  BatchQuerySchema,
  BatchSchema,
  DryRunSchema,
  ErrorRowSchema,
  ErrorsQuerySchema,
  ResultRowSchema,
  ResultsQuerySchema,
} from '@styleflow/contracts';
import { z } from 'zod';

const toJson = (schema: z.ZodType, io: 'input' | 'output' = 'output'): object => {
  const { $schema: _dialect, ...made } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return made;
};
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const json = (name: string) => ({ description: '', content: { 'application/json': { schema: ref(name) } } });
const rows = { description: '', content: { 'application/x-ndjson': { schema: { type: 'string' } } } };
const query = (schema: z.ZodObject) =>
  Object.entries(z.toJSONSchema(schema, { io: 'output' }).properties ?? {}).map(([name, shape]) => ({
    ...{ name, in: 'query', required: false, schema: shape },
  }));
const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };

/** The document with the calls about batches as the contract promises them; as it is once it has them itself. */
export function withComingBatchCalls(document: object): object {
  const { paths, components } = document as { paths: object; components: { schemas: object } };
  if ('/v1/batches' in paths) return document;
  return {
    ...document,
    paths: {
      ...paths,
      '/v1/batches': {
        post: {
          operationId: 'submitBatch',
          parameters: query(BatchQuerySchema),
          requestBody: { required: true, content: { 'application/json': { schema: ref('BatchBody') } } },
          responses: { 200: json('DryRun'), 202: json('Batch') },
        },
        get: {
          operationId: 'listBatches',
          parameters: query(BatchListQuerySchema),
          responses: { 200: json('BatchList') },
        },
      },
      '/v1/batches/{id}': {
        get: { operationId: 'readBatch', parameters: [id], responses: { 200: json('Batch') } },
        delete: { operationId: 'deleteBatch', parameters: [id], responses: { 204: { description: '' } } },
      },
      '/v1/batches/{id}/results': {
        get: {
          operationId: 'readResults',
          parameters: [id, ...query(ResultsQuerySchema)],
          responses: { 200: rows },
        },
      },
      '/v1/batches/{id}/errors': {
        get: {
          operationId: 'readErrors',
          parameters: [id, ...query(ErrorsQuerySchema)],
          responses: { 200: rows },
        },
      },
      '/v1/batches/{id}/cancel': {
        post: { operationId: 'cancelBatch', parameters: [id], responses: { 202: json('Batch') } },
      },
      '/v1/batches/{id}/retry': {
        post: { operationId: 'retryBatch', parameters: [id], responses: { 202: json('Batch') } },
      },
    },
    components: {
      ...components,
      schemas: {
        ...components.schemas,
        BatchBody: toJson(BatchBodySchema, 'input'),
        BatchItemBody: toJson(BatchItemBodySchema, 'input'),
        Batch: toJson(BatchSchema),
        BatchList: toJson(BatchListSchema),
        DryRun: toJson(DryRunSchema),
        ResultRow: toJson(ResultRowSchema),
        ErrorRow: toJson(ErrorRowSchema),
      },
    },
  };
}
