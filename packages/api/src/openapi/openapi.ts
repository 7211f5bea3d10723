import { VERSION } from '@styleflow/runtime';
import { ADMIN_CALLS } from './admin-calls.js';
import { BATCH_CALLS } from './batch-calls.js';
import { EVIDENCE_CALLS } from './evidence-calls.js';
import { DESCRIPTION, EXAMPLES } from './examples.js';
import { JOB_CALLS } from './job-calls.js';
import { OPEN_CALLS } from './open-calls.js';
import { OTHER_CALLS } from './other-calls.js';
import { componentSchemas } from './schemas.js';
import { UPLOAD_CALLS } from './upload-calls.js';
import { ANSWERS_AT_THE_DOOR, answer, headerParameter, json } from './words.js';

/** The calls by the headings under which people find them. */
const GROUPS: readonly (readonly [string, Calls])[] = [
  ['Jobs', JOB_CALLS],
  ['Evidence', EVIDENCE_CALLS],
  ['Batches', BATCH_CALLS],
  ['Uploads', UPLOAD_CALLS],
  ['Models, system, the original service', OTHER_CALLS],
  ['Administration', ADMIN_CALLS],
  ['Health and documents', OPEN_CALLS],
];

/** The API as an OpenAPI 3.1 document. Signed upload addresses are opaque, so they are left out. */
export function openApiDocument(): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'StyleFlow',
      version: VERSION,
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    // The empty requirement allows calls without a key, since a server without keys asks for none.
    security: [{ key: [] }, {}],
    tags: GROUPS.map(([name]) => ({ name })),
    paths: Object.assign({}, ...GROUPS.map(([tag, calls]) => withDoor(calls, tag))),
    webhooks: { jobEnded: endTold('job'), batchEnded: endTold('batch') },
    components: {
      schemas: componentSchemas(),
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
    },
  };
}

/** What we call, and what is expected of whoever is called. */
const endTold = (of: 'job' | 'batch') => ({
  post: {
    operationId: `${of}Ended`,
    summary: `Tells the webhook of a ${of} of each end, by the conventions of Standard Webhooks`,
    parameters: [
      headerParameter('webhook-id', `Made of ${of}, run and event: the same in every attempt.`),
      headerParameter('webhook-timestamp', 'Of the attempt, in seconds.'),
      headerParameter('webhook-signature', 'Where the webhook has a secret.'),
    ],
    requestBody: { required: true, content: json(of === 'job' ? 'JobWebhookBody' : 'BatchWebhookBody') },
    responses: { '2XX': answer('Delivered.'), 410: answer('Nothing more is to be sent of this end.') },
  },
});

interface Call {
  readonly operationId: string;
  readonly responses: object;
  readonly requestBody?: { readonly content: Readonly<Record<string, object>> };
}
type Calls = Readonly<Record<string, Readonly<Record<string, Call>>>>;

/** Every call with what is answered before it; its own words for a status go first. */
function withDoor(paths: Calls, tag: string): object {
  return Object.fromEntries(
    Object.entries(paths).map(([path, calls]) => [
      path,
      Object.fromEntries(
        Object.entries(calls).map(([method, call]) => [
          method,
          { tags: [tag], ...withExamples(call), responses: { ...ANSWERS_AT_THE_DOOR, ...call.responses } },
        ]),
      ),
    ]),
  );
}

function withExamples(call: Call): object {
  const examples = EXAMPLES[call.operationId];
  if (examples === undefined || call.requestBody === undefined) return call;
  const content = Object.entries(call.requestBody.content).map(([type, body]) => [
    type,
    examples[type] === undefined ? body : { ...body, examples: examples[type] },
  ]);
  return { ...call, requestBody: { ...call.requestBody, content: Object.fromEntries(content) } };
}
