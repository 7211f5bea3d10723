import { EntriesQuerySchema } from '@styleflow/contracts';
import { queryParameters } from './schemas.js';
import { answer, json, pathParameter, problems } from './words.js';

const queue = pathParameter('queue', { type: 'string' });
const id = pathParameter('id', { type: 'string' });

/** The queue inspector, as OpenAPI paths. */
export const ADMIN_CALLS = {
  '/v1/admin/queues': {
    get: {
      operationId: 'listQueues',
      summary: 'Queues with their counts, whether they are paused, and who works on them',
      responses: { 200: answer('The queues.', json('QueueList')), ...problems('forbidden') },
    },
  },
  '/v1/admin/queues/{queue}/entries': {
    get: {
      operationId: 'listEntries',
      summary: 'Entries of one state: the next to be taken first, of those that have ended the newest first',
      parameters: [queue, ...queryParameters(EntriesQuerySchema)],
      responses: {
        200: answer('One page.', json('EntryList')),
        ...problems('invalid_request', 'forbidden', 'not_found'),
      },
    },
  },
  '/v1/admin/queues/{queue}/entries/{id}': {
    get: {
      operationId: 'readEntry',
      summary: 'One entry with its payload, its failed attempts, its parent and children',
      parameters: [queue, id],
      responses: { 200: answer('The entry.', json('EntryDetails')), ...problems('forbidden', 'not_found') },
    },
    delete: {
      operationId: 'removeEntry',
      summary: 'Take an entry out that nobody needs: not the product’s, or of a job that is over or gone',
      parameters: [queue, id],
      responses: { 204: answer('It is gone.'), ...problems('forbidden', 'not_found', 'conflict') },
    },
  },
  '/v1/admin/queues/{queue}/pause': {
    post: {
      operationId: 'pauseQueue',
      summary: 'Workers end what they hold and take nothing more from it; outlives restarts',
      parameters: [queue],
      responses: { 200: answer('Paused.', json('QueueFacts')), ...problems('forbidden', 'not_found') },
    },
  },
  '/v1/admin/queues/{queue}/resume': {
    post: {
      operationId: 'resumeQueue',
      summary: 'Let workers take from it again',
      parameters: [queue],
      responses: { 200: answer('It goes on.', json('QueueFacts')), ...problems('forbidden', 'not_found') },
    },
  },
};
