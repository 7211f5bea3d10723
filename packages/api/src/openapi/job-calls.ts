import { ListQuerySchema } from '@styleflow/contracts';
import { deliveryCalls } from './delivery-calls.js';
import { queryParameters, schemaRef } from './schemas.js';
import { answer, bytes, headerParameter, json, pathParameter, problems } from './words.js';

const jobId = pathParameter('id', { type: 'string' });
const clipParameters = [
  jobId,
  pathParameter('track', { type: 'integer', minimum: 0 }),
  pathParameter('n', { type: 'integer', minimum: 0 }),
];

/** The calls about jobs, as OpenAPI paths. */
export const JOB_CALLS = {
  '/v1/jobs': {
    post: {
      operationId: 'submitJob',
      summary: 'Submit a video, by its address or as an upload; or an ended job to be scored again',
      parameters: [headerParameter('Idempotency-Key', 'The same key and request: the first job again.')],
      requestBody: {
        required: true,
        content: {
          ...json('SubmitBody'),
          'multipart/form-data': {
            schema: {
              type: 'object',
              required: ['video'],
              properties: { video: { type: 'string', contentEncoding: 'binary' }, job: schemaRef('SubmitPart') },
              additionalProperties: false,
            },
            encoding: { job: { contentType: 'application/json' } },
          },
        },
      },
      responses: {
        202: answer('Accepted; `Location` is the job.', json('Job')),
        ...problems(
          'invalid_request',
          'forbidden',
          'not_found',
          'conflict',
          'gone',
          'upload_expired',
          'payload_too_large',
          'unsupported_type',
          'idempotency_conflict',
          'bundle_unknown',
          'rate_limited',
          'queue_full',
          'storage_unavailable',
        ),
      },
    },
    get: {
      operationId: 'listJobs',
      summary: 'Jobs, newest first',
      parameters: queryParameters(ListQuerySchema),
      responses: { 200: answer('One page.', json('JobList')), ...problems('invalid_request') },
    },
  },
  '/v1/jobs/{id}': {
    get: {
      operationId: 'readJob',
      summary: 'One job; with Prefer: wait=N as soon as it has ended',
      parameters: [
        jobId,
        headerParameter('Prefer', '`wait=N`: hold the answer up to N seconds, at most 60, until the job has ended.'),
        headerParameter('If-None-Match', 'The `ETag` of the last answer.'),
      ],
      responses: {
        200: answer('The job. `ETag`; `Retry-After` while it is unfinished.', json('Job')),
        304: answer('The job has not changed.'),
        ...problems('not_found', 'gone', 'rate_limited'),
      },
    },
    delete: {
      operationId: 'deleteJob',
      summary: 'Delete the job and everything stored for it; cancels it first',
      parameters: [jobId],
      responses: { 204: answer('Gone.'), ...problems('not_found', 'gone', 'storage_unavailable') },
    },
  },
  '/v1/jobs/{id}/cancel': {
    post: {
      operationId: 'cancelJob',
      summary: 'Stop the job at its next frame or clip batch',
      parameters: [jobId],
      responses: { 202: answer('It will stop, or has.', json('Job')), ...problems('not_found', 'conflict', 'gone') },
    },
  },
  '/v1/jobs/{id}/retry': {
    post: {
      operationId: 'retryJob',
      summary: 'Run a failed job again',
      parameters: [jobId],
      responses: { 202: answer('Queued again.', json('Job')), ...problems('not_found', 'conflict', 'gone') },
    },
  },
  ...deliveryCalls({
    path: '/v1/jobs/{id}',
    name: 'job',
    parameter: jobId,
    operationIds: { list: 'listDeliveries', redeliver: 'redeliver' },
  }),
  '/v1/jobs/{id}/events': {
    get: {
      operationId: 'followJob',
      summary: 'Server-sent events status, progress, result; ends with the job',
      parameters: [jobId, headerParameter('Last-Event-ID', 'Resume after this event.')],
      responses: {
        200: answer('The stream.', { 'text/event-stream': { schema: { type: 'string' } } }),
        204: answer('The job has ended and no event is newer.'),
        ...problems('not_found', 'gone', 'rate_limited'),
      },
    },
  },
  '/v1/jobs/{id}/result': {
    get: {
      operationId: 'readResult',
      summary: 'The full result',
      parameters: [jobId],
      responses: { 200: answer('The result.', json('Result')), ...problems('not_found', 'conflict', 'gone') },
    },
  },
  '/v1/jobs/{id}/report': {
    get: {
      operationId: 'readReport',
      summary: 'The result as one self-contained page for people',
      parameters: [jobId],
      responses: {
        200: answer('The page.', { 'text/html': { schema: { type: 'string' } } }),
        ...problems('not_found', 'conflict', 'gone'),
      },
    },
  },
  '/v1/jobs/{id}/report.pdf': {
    get: {
      operationId: 'readReportPdf',
      summary: 'The report as PDF, made when it is first asked for',
      parameters: [jobId],
      responses: {
        200: answer('The document.', bytes('application/pdf')),
        202: answer('It is being made: ask again after `Retry-After` seconds.', json('PdfPending')),
        ...problems('not_found', 'conflict', 'gone', 'not_available'),
      },
    },
  },
  '/v1/jobs/{id}/faces/{track}/clips/{n}.png': {
    get: {
      operationId: 'readClipPicture',
      summary: 'The 32 crops of one clip as a strip',
      parameters: clipParameters,
      responses: { 200: answer('The picture.', bytes('image/png')), ...problems('not_found', 'gone') },
    },
  },
  '/v1/jobs/{id}/frames/{n}.jpg': {
    get: {
      operationId: 'readFrame',
      summary: 'A whole frame that the result names, as a small picture',
      parameters: [jobId, pathParameter('n', { type: 'integer', minimum: 0 })],
      responses: { 200: answer('The picture.', bytes('image/jpeg')), ...problems('not_found', 'gone') },
    },
  },
  '/v1/jobs/{id}/links': {
    post: {
      operationId: 'linkJob',
      summary: 'Addresses of what the job has that work without a key, for a quarter of an hour: for browsers',
      parameters: [jobId],
      responses: { 200: answer('The addresses.', json('JobLinks')), ...problems('not_found') },
    },
  },
  '/v1/jobs/{id}/preview.webm': {
    get: {
      operationId: 'readPreview',
      summary: 'A small video of what was looked at (options.preview)',
      parameters: [jobId],
      responses: { 200: answer('The video.', bytes('video/webm')), ...problems('not_found', 'gone') },
    },
  },
  '/v1/jobs/{id}/faces/{track}/clips/{n}.json': {
    get: {
      operationId: 'readClipDetails',
      summary: 'Logit, style flow and attention of one clip',
      parameters: clipParameters,
      responses: { 200: answer('The details.', json('ClipDetails')), ...problems('not_found', 'gone') },
    },
  },
};
