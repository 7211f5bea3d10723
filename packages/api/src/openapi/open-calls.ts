import { answer, json, openProblems } from './words.js';

const open = { security: [] };

/** Signs of life, metrics and this document, as OpenAPI paths. */
export const OPEN_CALLS = {
  '/healthz': {
    get: {
      operationId: 'isAlive',
      summary: 'Whether the process lives; never looks at dependencies',
      ...open,
      responses: { 200: answer('Alive.', json('Health')) },
    },
  },
  '/readyz': {
    get: {
      operationId: 'isReady',
      summary: 'Whether it can serve; each dependency is proved by a write and a read',
      ...open,
      responses: { 200: answer('Ready.', json('Readiness')), 503: answer('Not ready.', json('Readiness')) },
    },
  },
  '/metrics': {
    get: {
      operationId: 'readMetrics',
      summary: 'Metrics for Prometheus; once keys are set, for those with the role admin',
      responses: {
        200: answer('The page.', { 'text/plain': { schema: { type: 'string' } } }),
        ...openProblems('unauthorized', 'forbidden'),
      },
    },
  },
  '/.well-known/jwks.json': {
    get: {
      operationId: 'readKeys',
      summary: 'Public keys of the signatures, with their dates; retired ones stay',
      ...open,
      responses: { 200: answer('The keys; none where nothing is signed.', json('PublicKeys')) },
    },
  },
  '/docs': {
    get: {
      operationId: 'readDocs',
      summary: 'This document for people',
      ...open,
      responses: { 200: answer('The page.', { 'text/html': { schema: { type: 'string' } } }) },
    },
  },
  '/openapi.json': {
    get: {
      operationId: 'describe',
      summary: 'This document',
      ...open,
      responses: { 200: answer('The document.', { 'application/json': { schema: { type: 'object' } } }) },
    },
  },
};
