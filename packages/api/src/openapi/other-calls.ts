import { schemaRef } from './schemas.js';
import { answer, json, problems } from './words.js';

/** Uploads, models, system, and the original service's calls, as OpenAPI paths. */
export const OTHER_CALLS = {
  '/v1/uploads': {
    post: {
      operationId: 'openUpload',
      summary: 'An address to PUT one video to; submit it as `{"type":"upload","uploadId":…}`',
      requestBody: { required: false, content: json('UploadBody') },
      responses: {
        201: answer('The address.', json('Upload')),
        ...problems('invalid_request', 'payload_too_large', 'rate_limited', 'storage_unavailable'),
      },
    },
  },
  '/v1/models': {
    get: {
      operationId: 'listModels',
      summary: 'Model bundles and who serves them',
      responses: { 200: answer('The bundles.', json('Models')), ...problems() },
    },
  },
  '/v1/system': {
    get: {
      operationId: 'readSystem',
      summary: 'The store, queues, workers, versions; once keys are set, for those with the role admin',
      responses: { 200: answer('The system.', json('System')), ...problems('forbidden') },
    },
  },
  '/healthcheck': {
    get: {
      operationId: 'healthcheck',
      summary: "The original service's sign of life",
      security: [],
      responses: { 200: answer('Alive.', json('Healthcheck')) },
    },
  },
  '/predict': {
    post: {
      operationId: 'predict',
      summary: "The original service's call: waits for the job of one URL",
      requestBody: { required: true, content: { ...json('PredictBody'), '*/*': { schema: schemaRef('PredictBody') } } },
      responses: {
        200: answer('The prediction.', json('Prediction')),
        202: answer('Not over in time; follow the link.', json('PendingPrediction')),
        502: answer('The job failed.', { 'application/problem+json': { schema: schemaRef('Problem') } }),
        ...problems(
          'invalid_request',
          'forbidden',
          'conflict',
          'gone',
          'payload_too_large',
          'bundle_unknown',
          'queue_full',
        ),
        422: answer('The video is at fault, or no bundle is known.', {
          'application/problem+json': { schema: schemaRef('Problem') },
        }),
      },
    },
  },
};
