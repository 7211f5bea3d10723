import { JobError, type JobId } from '@styleflow/contracts';
import { newSigningKey, parseSigningKeys } from '@styleflow/evidence';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseApiKeys } from '../auth/api-keys.js';
import { type JsonSchema, mutationsOf, ODD_VALUES, valuesOf } from '../test-arbitraries.js';
import type { Answer } from '../test-calls.js';
import { type DescribedCheck, describedBy } from '../test-described.js';
import { addClips, failClips, SCORE_QUEUE } from '../test-entries.js';
import { fail, sha256, submit, succeed } from '../test-jobs.js';
import { BUNDLE, startTestServer, type TestServer } from '../test-server.js';
import { openApiDocument } from './openapi.js';

/** Requests for each call: every second one fits the document, of the others something is wrong. */
const RUNS = 14;
/** A fixed beginning, so that a failure is there again in the next run; `fast-check` prints how to replay one case. */
const SEED = 20_260_101;

const ADMIN = 'admin-key-of-this-test';
const USER = 'user-key-of-this-test';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: JsonSchema;
}
interface Content {
  readonly schema: JsonSchema;
  /** Of a body in lines: what each is. */
  readonly itemSchema?: JsonSchema;
}
interface Call {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
}
const { paths, components } = openApiDocument() as {
  paths: Readonly<Record<string, Readonly<Record<string, Call>>>>;
  components: { schemas: Readonly<Record<string, JsonSchema>> };
};
/** What reads comes first and what deletes last, so that there is something for each to find. */
const ORDER = ['get', 'post', 'delete'];
const CALLS = Object.entries(paths)
  .flatMap(([path, calls]) => Object.entries(calls).map(([method, call]) => ({ method, path, call })))
  .sort((a, b) => ORDER.indexOf(a.method) - ORDER.indexOf(b.method))
  .map(({ method, ...rest }) => ({ ...rest, method: method.toUpperCase() }));

let server: TestServer;
let expectDescribed: DescribedCheck;
/** What is there, by the name of the parameter that asks for it. */
const there: Record<string, string[]> = {};
const succeeded = new Set<string>();

beforeAll(async () => {
  const keys = parseApiKeys([`root:admin:sha256:${sha256(ADMIN)}`, `anna:user:sha256:${sha256(USER)}`].join(','));
  const signingKeys = parseSigningKeys(newSigningKey(null, new Date()).text);
  server = await startTestServer({ keys, predictWaitMs: 20, signingKeys });
  expectDescribed = describedBy(openApiDocument());
  const headers = { Authorization: `Bearer ${USER}` };
  const jobs: JobId[] = [];
  for (let n = 0; n < 12; n += 1) jobs.push(await submit(server, {}, headers));
  for (const id of jobs.slice(0, 4)) await succeed(server, id);
  for (const id of jobs.slice(4, 8)) await fail(server, id, 'media_corrupt');
  const [waiting = jobs[0]] = jobs.slice(8);
  if (waiting === undefined) throw new JobError('internal', 'no job was made');
  await addClips(server, waiting, 3);
  await failClips(server, 'A sentence.');
  const upload = await fetch(`${server.url}/v1/uploads`, { method: 'POST', headers });
  there.id = jobs;
  there.entry = [`${waiting}.1.prepare`, `${waiting}.1.finish`, `${waiting}.1.score.0.0`];
  there.batch = [];
  const hasBatches = '/v1/batches' in paths;
  for (let n = 0; hasBatches && n < 4; n += 1) {
    const body = 'source\nhttps://videos.example.org/a.mp4\n';
    const type = { 'Content-Type': 'text/csv' };
    const batch = await fetch(`${server.url}/v1/batches`, { method: 'POST', headers: { ...headers, ...type }, body });
    there.batch.push(((await batch.json()) as { id: string }).id);
  }
  there.model = [BUNDLE.id];
  there.queue = ['prepare', 'finish', SCORE_QUEUE];
  there.track = ['0'];
  there.n = ['0'];
  there.upload = [((await upload.json()) as { uploadId: string }).uploadId, ...(await partedUploads(headers))];
});
afterAll(() => server.stop());

/** Uploads in parts, of which all parts are there. */
async function partedUploads(headers: Record<string, string>): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < 3; n += 1) {
    const json = { ...headers, 'Content-Type': 'application/json' };
    const body = JSON.stringify({ bytes: 4, parts: true });
    const opened = await fetch(`${server.url}/v1/uploads`, { method: 'POST', headers: json, body });
    const { uploadId } = (await opened.json()) as { uploadId: string };
    const page = await fetch(`${server.url}/v1/uploads/${uploadId}/parts`, { headers });
    const { parts } = (await page.json()) as { parts: { url: string }[] };
    for (const { url } of parts) await fetch(url, { method: 'PUT', body: 'film' });
    ids.push(uploadId);
  }
  return ids;
}

const known = (pattern: string): string[] =>
  pattern.startsWith('^upl_') ? (there.upload ?? []) : pattern.startsWith('^job_') ? (there.id ?? []) : [];
const fitting = (schema: JsonSchema) => valuesOf(schema, { components: components.schemas, known });

/** Texts that can stand in an address without leading elsewhere. */
const oddWords = ODD_VALUES.map((value) => (typeof value === 'string' ? value.slice(0, 300) : JSON.stringify(value)))
  .filter((text) => !['', '.', '..'].includes(text))
  // What has no UTF-8 cannot stand in an address.
  .map((text) => Buffer.from(text).toString());

interface Request {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | FormData | Uint8Array<ArrayBuffer>;
}

function requestsOf(path: string, { parameters = [], requestBody }: Call, isFitting: boolean): fc.Arbitrary<Request> {
  const words = (parameter: Parameter): fc.Arbitrary<string | undefined> => {
    const found = there[parameter.name === 'id' ? kindOfId(path) : parameter.name];
    const fits =
      found === undefined || found.length === 0 ? fitting(parameter.schema).map(String) : fc.constantFrom(...found);
    const value = isFitting ? fits : fc.oneof(fits, oddWords);
    return parameter.required ? value : fc.option(value, { nil: undefined });
  };
  const of = (place: Parameter['in']) => parameters.filter((each) => each.in === place);
  const named = (place: 'path' | 'query'): fc.Arbitrary<Record<string, string | undefined>> =>
    fc.record(Object.fromEntries(of(place).map((each) => [each.name, words(each)])));
  const unheardOf: fc.Arbitrary<Record<string, string | undefined>> = isFitting
    ? fc.constant({})
    : fc.constantFrom({}, { unheardOf: '1' });
  return fc
    .record({
      inPath: named('path'),
      inQuery: named('query'),
      more: unheardOf,
      headers: headersOf(of('header'), isFitting),
      body: requestBody === undefined ? fc.constant({}) : bodiesOf(requestBody, isFitting),
    })
    .map(({ inPath, inQuery, more, headers, body }) => {
      const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(inPath[name] ?? '1'));
      const asked = Object.entries({ ...inQuery, ...more }).flatMap(([name, value]) =>
        value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
      );
      const { type, ...rest } = body as { type?: string; body?: Request['body'] };
      const contentType: Record<string, string> = type === undefined ? {} : { 'Content-Type': type };
      return {
        url: `${filled}${asked.length === 0 ? '' : `?${asked.join('&')}`}`,
        headers: { ...headers, ...contentType },
        ...rest,
      };
    });
}

function kindOfId(path: string): string {
  if (path.startsWith('/v1/batches')) return 'batch';
  if (path.startsWith('/v1/uploads')) return 'upload';
  if (path.startsWith('/v1/models')) return 'model';
  return path.includes('/entries/{id}') ? 'entry' : 'id';
}

function headersOf(parameters: readonly Parameter[], isFitting: boolean): fc.Arbitrary<Record<string, string>> {
  const text = fc.string({ unit: 'grapheme-ascii', maxLength: 60 }).map((each) => each.trim());
  const keys = isFitting ? [ADMIN, USER, USER] : [ADMIN, USER, USER, 'nobody', '', undefined];
  const values: Record<string, fc.Arbitrary<string | undefined>> = {
    Authorization: fc.constantFrom(...keys).map((key) => (key === undefined ? undefined : `Bearer ${key}`)),
  };
  for (const { name } of parameters) {
    // An answer that is held back for seconds shows nothing here.
    const one = name === 'Prefer' ? fc.constantFrom('wait=0', 'wait=no', 'return=minimal', ', ,wait') : text;
    values[name] = fc.option(one, { nil: undefined });
  }
  return fc
    .record(values)
    .map((all) =>
      Object.fromEntries(Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
    );
}

function bodiesOf({ content }: NonNullable<Call['requestBody']>, isFitting: boolean): fc.Arbitrary<object> {
  const kinds = Object.entries(content).map(([type, { schema, itemSchema }]) => {
    const values = type === 'text/csv' ? tables : itemSchema === undefined ? fitting(schema) : linesOf(itemSchema);
    const sent = isFitting ? values : values.chain((value) => fc.oneof(mutationsOf(value), mutationsOf(value), values));
    if (type === 'multipart/form-data') return sent.map((value) => ({ body: formOf(value) }));
    const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
    return sent.map((value) => ({ type: type === '*/*' ? 'text/plain' : type, body: asText(value) }));
  });
  if (isFitting) return fc.oneof(...kinds);
  const types = fc.constantFrom(...Object.keys(content), 'application/json', 'text/plain', 'x', 'image/png; a="');
  const bytes = fc.constantFrom(
    '',
    '{',
    '{"a":1,"a":2}',
    '\ufeff{}',
    '[]',
    'null',
    '--x\r\n',
    'a,b\r\n"',
    new Uint8Array([0xff, 0]),
  );
  const broken = fc.record({ type: types, body: bytes });
  return fc.oneof(...kinds, broken);
}

const linesOf = (item: JsonSchema): fc.Arbitrary<string> =>
  fc.array(fitting(item), { maxLength: 4 }).map((items) => items.map((each) => `${JSON.stringify(each)}\n`).join(''));

/** Manifests as CSV, of which some are good. */
const tables: fc.Arbitrary<string> = fc
  .record({
    header: fc.constantFrom('source,id', 'id;source', 'source\tid\tnote', 'source', '\ufeffsource,source'),
    rows: fc.array(fc.constantFrom('https://videos.example.org/a.mp4', 's3://films/a', '"x,1', 'upload:upl_1,2', ','), {
      maxLength: 4,
    }),
    end: fc.constantFrom('\n', '\r\n'),
  })
  .map(({ header, rows, end }) => [header, ...rows, ''].join(end));

function formOf(value: unknown): FormData {
  const form = new FormData();
  const parts = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  for (const [name, part] of parts) {
    if (name === 'video') form.append(name, new Blob(['film']), 'a.mp4');
    else form.append(name, new Blob([JSON.stringify(part ?? null)], { type: 'application/json' }));
  }
  return form;
}

/** One call. Of an answer without an end, the beginning is looked at. */
async function make(method: string, { url, headers, body }: Request): Promise<Answer> {
  const stop = new AbortController();
  const response = await fetch(`${server.url}${url}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
    signal: stop.signal,
  });
  const type = response.headers.get('content-type') ?? '';
  if (response.ok && (type.startsWith('text/event-stream') || /[?&]follow=true/.test(url))) {
    stop.abort();
    return { status: response.status, headers: response.headers, body: '' };
  }
  const text = await response.text();
  const isJson = /[/+]json/.test(type);
  return { status: response.status, headers: response.headers, body: isJson && text !== '' ? JSON.parse(text) : text };
}

describe('every documented call', () => {
  for (const { method, path, call } of CALLS) {
    it(`answers valid and spoilt requests as described: ${method} ${path}`, async () => {
      for (const isFitting of [true, false]) {
        const property = fc.asyncProperty(requestsOf(path, call, isFitting), async (request) => {
          const answer = await make(method, request);
          expectDescribed(method, path, answer);
          if (answer.status < 400) succeeded.add(call.operationId);
          const said = `${answer.status} ${JSON.stringify(answer.body)}`;
          // None of the surroundings is away here. A failed prediction is answered 502.
          expect(answer.status < 500 || (answer.status === 502 && path === '/predict'), said).toBe(true);
        });
        await fc.assert(property, { numRuns: RUNS, seed: SEED, endOnFailure: true });
      }
    });
  }

  it('was reached by requests that it takes', () => {
    const unreached = CALLS.map(({ call }) => call.operationId).filter((name) => !succeeded.has(name));
    // No batch ends here and no webhook was told; of a queue only garbage can be taken out.
    expect(['retryBatch', 'redeliver', 'redeliverOfBatch', 'removeEntry']).toEqual(expect.arrayContaining(unreached));
  });
});
