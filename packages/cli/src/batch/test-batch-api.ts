import type { IncomingMessage } from 'node:http';
import { type Batch, BatchSchema, mintBatchId, printResultCursor } from '@styleflow/contracts';
import { type LoopbackServer, startHttpServer } from '@styleflow/testing';
import { type UploadFacts, uploadApi } from './test-upload-api.js';

/** As much of the API as the commands about batches need, with the contract's shapes. */
export interface BatchApi extends LoopbackServer, UploadFacts {
  readonly calls: string[];
  /** Bodies of `POST /v1/batches`. */
  readonly manifests: { readonly type: string; readonly body: string; readonly key: string | undefined }[];
  /** The batch that is answered next; the last one stays. */
  readonly turns: Partial<Batch>[];
  /** The job of both rows of the results that are answered next; without one: none. */
  readonly jobs: string[];
}

export const BATCH_ID = mintBatchId();
/** Of a batch that it does not know. */
export const UNKNOWN_BATCH_ID = mintBatchId();
const AT = '2026-01-02T03:04:05.678Z';
const BATCH: Batch = BatchSchema.parse({
  ...{ id: BATCH_ID, status: 'validating', cancelRequested: false, round: 1, rowsRead: 0, admitted: 0 },
  counts: { total: 0, queued: 0, preparing: 0, scoring: 0, succeeded: 0, failed: 0, canceled: 0 },
  ...{ errors: {}, faults: { count: 0, listed: [] }, throughput: { itemsPerHour: null }, eta: null, options: {} },
  ...{ skipInvalid: false, createdAt: AT, startedAt: AT, finishedAt: null, links: {} },
});
export const counts = (changes: Partial<Batch['counts']>): Batch['counts'] => ({ ...BATCH.counts, ...changes });

const ROW = {
  ...{ source: 'https://videos.example.org/a.mp4', status: 'succeeded', verdict_label: 'real', score: 0.25 },
  ...{
    threshold: 0.2,
    reason: null,
    error_code: null,
    faces: 1,
    clips: 3,
    truth_label: null,
    group: 'a, b',
    job: null,
  },
};

export async function startBatchApi(): Promise<BatchApi> {
  const api = {
    calls: [] as string[],
    stored: new Map<string, string>(),
    manifests: [] as BatchApi['manifests'],
    turns: [] as Partial<Batch>[],
    jobs: [] as string[],
    beforeStored: (async () => undefined) as BatchApi['beforeStored'],
    keptMs: 24 * 3_600_000,
  };
  const uploads = uploadApi(() => server.url, api);
  const now = (): Batch => ({ ...BATCH, ...((api.turns.length > 1 ? api.turns.shift() : api.turns[0]) ?? {}) });
  const server = await startHttpServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://fake');
    if (request.method === 'PUT') return uploads.store(url.pathname.slice(1), request, response);
    api.calls.push(`${request.method} ${request.url}`);
    const body = await textOf(request);
    const json = (value: unknown, status = 200): void =>
      void response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
    const call = `${request.method} ${url.pathname}`;
    const ofUploads = uploads.answer(call, url.searchParams, body);
    if (ofUploads !== null) return json(ofUploads.json, ofUploads.status);
    switch (call) {
      case 'POST /v1/batches': {
        if (url.searchParams.get('dryRun') === 'true') {
          const rows = body.trim().split('\n').length;
          const clips = { from: rows, to: 3 * rows };
          return json({
            accepted: true,
            items: rows,
            faults: { count: 0, listed: [] },
            estimate: { clips, hours: null, finish: null },
          });
        }
        const key = request.headers['idempotency-key'];
        api.manifests.push({
          type: request.headers['content-type'] ?? '',
          body,
          key: typeof key === 'string' ? key : undefined,
        });
        return json(BATCH, 202);
      }
      case 'GET /v1/batches':
        return json({ batches: [now()], nextCursor: null });
      case `GET /v1/batches/${BATCH_ID}/results`: {
        const nextCursor = printResultCursor({ batch: BATCH_ID, round: 1, index: 2 });
        const isFollowed = url.searchParams.get('follow') === 'true';
        response.writeHead(200, {
          'Content-Type': 'text/plain',
          ...(isFollowed ? {} : { 'Styleflow-Next-Cursor': nextCursor }),
        });
        if (url.searchParams.get('format') === 'csv') return void response.end('id,source\r\nv0,s\r\n');
        const job = api.jobs.shift() ?? null;
        return void response.end(
          [0, 1].map((index) => `${JSON.stringify({ ...ROW, index, job, id: `v${index}` })}\n`).join(''),
        );
      }
      case `GET /v1/batches/${BATCH_ID}/errors`:
        return void response.writeHead(200, { 'Content-Type': 'text/csv' }).end('kind,line\r\n');
      case `DELETE /v1/batches/${BATCH_ID}`:
        return void response.writeHead(204).end();
      case `GET /v1/batches/${UNKNOWN_BATCH_ID}`:
        return json(
          { type: 'about:blank', title: 'Not found', status: 404, detail: 'No such batch.', code: 'not_found' },
          404,
        );
      default:
        return json(now(), request.method === 'POST' ? 202 : 200);
    }
  });

  return Object.assign(api, server);
}

async function textOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}
