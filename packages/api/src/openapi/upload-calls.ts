import { UploadPartsQuerySchema } from '@styleflow/contracts';
import { queryParameters, schemaRef } from './schemas.js';
import { answer, json, pathParameter, problems } from './words.js';

const uploadId = pathParameter('id', { type: 'string' });

/** The calls about uploads, as OpenAPI paths. */
export const UPLOAD_CALLS = {
  '/v1/uploads': {
    post: {
      operationId: 'openUpload',
      summary: 'An address to PUT one video to; submit it as {"type":"upload","uploadId":…}',
      description:
        'With `parts` the video comes in parts: their addresses are at `/parts`, `/complete` makes them one. An upload that is not complete cannot be submitted.',
      requestBody: { required: false, content: json('UploadBody') },
      responses: {
        201: answer('The address; of an upload in parts, how it is cut.', {
          'application/json': { schema: { oneOf: [schemaRef('Upload'), schemaRef('UploadState')] } },
        }),
        ...problems('invalid_request', 'payload_too_large', 'rate_limited', 'storage_unavailable'),
      },
    },
  },
  '/v1/uploads/{id}': {
    get: {
      operationId: 'readUpload',
      summary: 'An upload that was not submitted yet: whether its bytes are there, and which of its parts',
      parameters: [uploadId],
      responses: {
        200: answer('The upload.', json('UploadState')),
        ...problems('not_found', 'rate_limited', 'storage_unavailable'),
      },
    },
    delete: {
      operationId: 'deleteUpload',
      summary: 'Give an upload up, with what has come of it',
      parameters: [uploadId],
      responses: { 204: answer('Gone.'), ...problems('not_found', 'rate_limited', 'storage_unavailable') },
    },
  },
  '/v1/uploads/{id}/parts': {
    get: {
      operationId: 'signParts',
      summary:
        'Addresses to PUT parts to, in any order and several at once; a part that is sent again replaces the earlier one',
      parameters: [uploadId, ...queryParameters(UploadPartsQuerySchema)],
      responses: {
        200: answer('One page of addresses.', json('UploadParts')),
        ...problems('invalid_request', 'not_found', 'rate_limited', 'storage_unavailable'),
      },
    },
  },
  '/v1/uploads/{id}/complete': {
    post: {
      operationId: 'completeUpload',
      summary: 'Make the parts one video, which may be submitted then; 409 while parts are missing',
      parameters: [uploadId],
      responses: {
        200: answer('It is whole.', json('UploadState')),
        ...problems('invalid_request', 'not_found', 'conflict', 'rate_limited', 'storage_unavailable'),
      },
    },
  },
  '/v1/uploads/{id}/renew': {
    post: {
      operationId: 'renewUpload',
      summary: 'Keep an upload that was not submitted yet for longer',
      parameters: [uploadId],
      responses: {
        200: answer('It is kept until `keptUntil`.', json('UploadState')),
        ...problems('not_found', 'rate_limited', 'storage_unavailable'),
      },
    },
  },
};
