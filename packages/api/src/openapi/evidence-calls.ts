import { z } from 'zod';
import { queryParameters } from './schemas.js';
import { answer, bytes, json, pathParameter, problems } from './words.js';

const jobId = pathParameter('id', { type: 'string' });

export const EvidenceQuerySchema = z.strictObject({
  video: z.enum(['true', 'false']).default('false').describe('`true`: with the video, where it is still kept.'),
});

/** What proves a job's result, as OpenAPI paths. */
export const EVIDENCE_CALLS = {
  '/v1/jobs/{id}/result.jws': {
    get: {
      operationId: 'readSignature',
      summary: 'The signature of the result: a detached JWS (RFC 7515, 7797) by a key of /.well-known/jwks.json',
      parameters: [jobId],
      responses: {
        200: answer('The signature, `HEADER..SIGNATURE`.', { 'application/jose': { schema: { type: 'string' } } }),
        ...problems('not_found', 'conflict', 'gone'),
      },
    },
  },
  '/v1/jobs/{id}/custody': {
    get: {
      operationId: 'readCustody',
      summary:
        'Who submitted the job, what was done, who fetched its evidence; each entry holds the hash of the one before',
      parameters: [jobId],
      responses: { 200: answer('The log so far.', json('CustodyLog')), ...problems('not_found', 'gone') },
    },
  },
  '/v1/jobs/{id}/evidence.zip': {
    get: {
      operationId: 'readEvidence',
      summary: 'Result, signature, report, clip strips, custody log and keys as one package with a signed manifest',
      parameters: [jobId, ...queryParameters(EvidenceQuerySchema)],
      responses: {
        200: answer('The package.', bytes('application/zip')),
        ...problems('invalid_request', 'not_found', 'conflict', 'gone'),
      },
    },
  },
};
