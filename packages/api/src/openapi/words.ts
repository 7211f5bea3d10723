import { ERROR_TABLE, type ErrorCode } from '@styleflow/contracts';
import { type SchemaName, schemaRef } from './schemas.js';

export const json = (name: SchemaName) => ({ 'application/json': { schema: schemaRef(name) } });
export const bytes = (type: string) => ({ [type]: { schema: { type: 'string', contentEncoding: 'binary' } } });
export const answer = (description: string, content?: object) => ({
  description,
  ...(content === undefined ? {} : { content }),
});

/** Problem answers by HTTP status. Several codes may share a status. */
export function problems(...codes: ErrorCode[]): Record<string, object> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of [...codes, 'unauthorized', 'queue_unavailable', 'internal'] as const) {
    const status = ERROR_TABLE[code].httpStatus ?? 500;
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, shared]) => [
      String(status),
      {
        description: shared.map((code) => `\`${code}\`: ${ERROR_TABLE[code].title}.`).join(' '),
        content: { 'application/problem+json': { schema: schemaRef('Problem') } },
      },
    ]),
  );
}

export const pathParameter = (name: string, schema: object) => ({ name, in: 'path', required: true, schema });
export const headerParameter = (name: string, description: string) => ({
  name,
  in: 'header',
  required: false,
  description,
  schema: { type: 'string' },
});
