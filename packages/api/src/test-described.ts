import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect } from 'vitest';
import type { Answer } from './test-calls.js';

/** Checks one answer to a call: `path` as the document writes it. */
export type DescribedCheck = (method: string, path: string, answer: Answer) => void;

/** The check of answers against an OpenAPI document: it must have their path and status, and a schema that the body fits. */
export function describedBy(document: object): DescribedCheck {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'https://api.test/openapi.json', ...document });
  return (method, path, { status, headers, body }) => {
    const type = (headers.get('content-type') ?? '').split(';')[0] ?? '';
    const pointer = ['paths', path, method.toLowerCase(), 'responses', String(status)]
      .map((word) => word.replaceAll('~', '~0').replaceAll('/', '~1'))
      .map(encodeURIComponent)
      .join('/');
    expect(
      ajv.getSchema(`https://api.test/openapi.json#/${pointer}`),
      `${method} ${path} ${status} is not described`,
    ).toBeDefined();
    if (type === '') return;
    const content = encodeURIComponent(type.replaceAll('/', '~1'));
    const validate = ajv.getSchema(`https://api.test/openapi.json#/${pointer}/content/${content}/schema`);
    if (validate === undefined) throw new Error(`${method} ${path} ${status} does not describe ${type}`);
    expect(validate(body), `${method} ${path} ${status}: ${JSON.stringify(validate.errors)}`).toBe(true);
  };
}
