import { VERSION } from '@styleflow/runtime';
import { ADMIN_CALLS } from './admin-calls.js';
import { BATCH_CALLS } from './batch-calls.js';
import { JOB_CALLS } from './job-calls.js';
import { OPEN_CALLS } from './open-calls.js';
import { OTHER_CALLS } from './other-calls.js';
import { componentSchemas } from './schemas.js';
import { ANSWERS_AT_THE_DOOR, json } from './words.js';

/** The API as an OpenAPI 3.1 document. Signed upload addresses are opaque, so they are left out. */
export function openApiDocument(): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'StyleFlow',
      version: VERSION,
      description:
        'Submits videos, follows their jobs, reads verdicts. Errors are RFC 9457 problems with a stable `code`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    // The empty requirement allows calls without a key, since a server without keys asks for none.
    security: [{ key: [] }, {}],
    paths: withDoor({ ...JOB_CALLS, ...BATCH_CALLS, ...OTHER_CALLS, ...ADMIN_CALLS, ...OPEN_CALLS }),
    webhooks: {
      ended: {
        post: {
          summary: 'The end of a job or a batch, told to its webhook by the conventions of Standard Webhooks',
          requestBody: { content: json('WebhookBody') },
          responses: { '2XX': { description: 'Delivered. Anything else is tried again over a day, 410 is not.' } },
        },
      },
    },
    components: {
      schemas: componentSchemas(),
      securitySchemes: { key: { type: 'http', scheme: 'bearer' }, browser: { type: 'http', scheme: 'basic' } },
    },
  };
}

type Calls = Readonly<Record<string, Readonly<Record<string, { readonly responses: object }>>>>;

/** Every call with what is answered before it; its own words for a status go first. */
function withDoor(paths: Calls): object {
  return Object.fromEntries(
    Object.entries(paths).map(([path, calls]) => [
      path,
      Object.fromEntries(
        Object.entries(calls).map(([method, call]) => [
          method,
          { ...call, responses: { ...ANSWERS_AT_THE_DOOR, ...call.responses } },
        ]),
      ),
    ]),
  );
}
