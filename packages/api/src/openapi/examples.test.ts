import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../test-calls.js';
import { describedBy } from '../test-described.js';
import { startTestServer, type TestServer } from '../test-server.js';
import { EXAMPLE_UPLOAD, EXAMPLES } from './examples.js';
import { openApiDocument } from './openapi.js';

interface Call {
  readonly operationId: string;
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { examples?: Record<string, { value: unknown }> }>>;
  };
}
const { paths } = openApiDocument() as { paths: Record<string, Record<string, Call>> };

const SENT = Object.entries(paths).flatMap(([path, calls]) =>
  Object.entries(calls).flatMap(([method, { requestBody }]) =>
    Object.entries(requestBody?.content ?? {}).flatMap(([type, { examples = {} }]) =>
      Object.entries(examples).map(([name, { value }]) => ({ name, method: method.toUpperCase(), path, type, value })),
    ),
  ),
);

let server: TestServer;
let uploadId: string;
beforeAll(async () => {
  server = await startTestServer({ predictWaitMs: 20 });
  const { body } = await call(`${server.url}/v1/uploads`, { method: 'POST' });
  await fetch(body.url, { method: body.method, headers: body.headers, body: 'a film' });
  uploadId = body.uploadId;
});
afterAll(() => server.stop());

describe('the examples of the API’s document', () => {
  it('stand in the document, all of them', () => {
    const written = Object.values(EXAMPLES).flatMap((types) => Object.values(types).flatMap(Object.keys));
    expect(SENT.map(({ name }) => name).sort()).toEqual(written.sort());
  });

  it.each(SENT)('$method $path: $name of $type is taken as it stands', async ({ method, path, type, value }) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const body = text.replace(EXAMPLE_UPLOAD, uploadId);
    const answer = await call(`${server.url}${path}`, { method, headers: { 'Content-Type': type }, body });
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
    describedBy(openApiDocument())(method, path, answer);
  });
});
