import { VERSION } from '@styleflow/runtime';
import { ADMIN_CALLS } from './admin-calls.js';
import { JOB_CALLS } from './job-calls.js';
import { OTHER_CALLS } from './other-calls.js';
import { componentSchemas } from './schemas.js';

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
    paths: { ...JOB_CALLS, ...OTHER_CALLS, ...ADMIN_CALLS },
    components: {
      schemas: componentSchemas(),
      securitySchemes: { key: { type: 'http', scheme: 'bearer' }, browser: { type: 'http', scheme: 'basic' } },
    },
  };
}
