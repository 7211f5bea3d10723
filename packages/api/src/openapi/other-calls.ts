import { schemaRef } from './schemas.js';
import { answer, json, pathParameter, problems } from './words.js';

/** Models, system, and the original service's calls, as OpenAPI paths. */
export const OTHER_CALLS = {
  '/v1/models': {
    get: {
      operationId: 'listModels',
      summary: 'Model bundles and who serves them',
      responses: { 200: answer('The bundles.', json('Models')), ...problems() },
    },
  },
  '/v1/models/{id}/disagreements': {
    get: {
      operationId: 'readDisagreements',
      summary:
        'How a shadow differs from the bundles that are served; once keys are set, for those with the role admin',
      parameters: [pathParameter('id', { type: 'string' })],
      responses: {
        200: answer('Of the latest videos.', json('Disagreements')),
        ...problems('forbidden', 'not_found'),
      },
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
