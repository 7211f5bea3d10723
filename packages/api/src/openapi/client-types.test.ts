import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { clientTypes } from './client-types.js';
import { openApiDocument } from './openapi.js';

it('the types and calls of the client are those of this document', async () => {
  const files = await clientTypes(openApiDocument());
  expect(files.map(({ path }) => path)).toEqual(['generated/openapi-types.ts', 'generated/openapi-calls.ts']);
  for (const { path, text } of files) {
    const written = await readFile(new URL(`../../../client/src/${path}`, import.meta.url), 'utf8');
    expect(written === text, `${path} is out of date; its first line says how it is made anew`).toBe(true);
  }
});

it('a field or a call more, or one less, is another text', async () => {
  const text = async (document: object): Promise<string> => JSON.stringify(await clientTypes(document));
  const before = await text(openApiDocument());
  const { components, paths } = openApiDocument() as {
    components: { schemas: Record<string, { properties: object }> };
    paths: Record<string, object>;
  };
  const { '/v1/models': _models, ...fewer } = paths;
  expect(await text({ ...openApiDocument(), paths: fewer })).not.toBe(before);
  const job = components.schemas.Job;
  const changed = { ...job, properties: { ...job?.properties, mood: { type: 'string' } } };
  const schemas = { ...components.schemas, Job: changed };
  expect(await text({ ...openApiDocument(), components: { ...components, schemas } })).not.toBe(before);
});
