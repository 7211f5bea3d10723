import { ERROR_TABLE, type ErrorCode } from '@styleflow/contracts';
import { type SchemaName, schemaRef } from './schemas.js';

export const json = (name: SchemaName) => ({ 'application/json': { schema: schemaRef(name) } });
export const bytes = (type: string) => ({ [type]: { schema: { type: 'string', contentEncoding: 'binary' } } });
export const answer = (description: string, content?: object) => ({
  description,
  ...(content === undefined ? {} : { content }),
});

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: schemaRef('Problem') } },
});

/** Problem answers of a call that needs a key, by HTTP status. Several codes may share a status. */
export function problems(...codes: ErrorCode[]): Record<string, object> {
  return openProblems(...codes, 'unauthorized', 'queue_unavailable', 'internal');
}

/** Those of a call that everyone may make. */
export function openProblems(...codes: ErrorCode[]): Record<string, object> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const status = ERROR_TABLE[code].httpStatus ?? 500;
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, shared]) => [
      String(status),
      problem(shared.map((code) => `\`${code}\`: ${ERROR_TABLE[code].title}.`).join(' ')),
    ]),
  );
}

/** What any address may answer, whatever is called there: it is refused before the call is looked at. */
export const ANSWERS_AT_THE_DOOR = {
  400: problem('`invalid_request`: no well-formed HTTP request, or one without a host.'),
  405: problem('`method_not_allowed`: another method; `Allow` has those that there are.'),
  408: problem('`invalid_request`: the headers did not arrive in time.'),
  417: problem('`invalid_request`: the header Expect asks for more than `100-continue`.'),
  431: problem('`invalid_request`: the request line and the headers are too long.'),
};

export const pathParameter = (name: string, schema: object) => ({ name, in: 'path', required: true, schema });
export const headerParameter = (name: string, description: string) => ({
  name,
  in: 'header',
  required: false,
  description,
  schema: { type: 'string' },
});
