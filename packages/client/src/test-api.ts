import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Job } from '@styleflow/contracts';
import { type LoopbackServer, startHttpServer } from '@styleflow/testing';
import { StyleFlowClient } from './index.js';

export const ID = 'job_01JD9Z3V6Q8W2X4Y6Z8A0B2C4D';
export const JOB: Job = {
  id: ID,
  status: 'queued',
  stage: null,
  progress: { percent: null, framesDecoded: 0, framesTotal: null, clipsPlanned: 0, clipsScored: 0 },
  source: { type: 'url', url: 'https://videos.example.org/a.mp4' },
  options: {
    maxFrames: 110,
    sampling: 'head',
    faces: 'all',
    detection: 'adaptive',
    priority: 5,
    keepCrops: false,
    keepSource: false,
  },
  metadata: {},
  createdAt: '2026-01-02T03:04:05.678Z',
  startedAt: null,
  finishedAt: null,
  attempts: 0,
  links: {},
};

export interface Seen {
  readonly line: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const servers: LoopbackServer[] = [];

/** Stops the servers of a test. One by one, the last first, where `count` says so. */
export async function stopServers(count = servers.length): Promise<void> {
  for (const server of servers.splice(-count)) await server.stop();
}

export type Turn = (response: ServerResponse, seen: Seen) => void;

/** A server that gives these answers one after the other, and then always the last one. It notes what it was asked. */
export async function answering(...turns: Turn[]): Promise<{ client: StyleFlowClient; seen: Seen[]; url: string }> {
  const seen: Seen[] = [];
  const server = await startHttpServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const call = { line: `${request.method} ${request.url}`, headers: request.headers, body };
    seen.push(call);
    (turns[seen.length - 1] ?? turns.at(-1))?.(response, call);
  });
  servers.push(server);
  const client = new StyleFlowClient({ api: `${server.url}/`, key: 'anna-key', retries: 0 });
  return { client, seen, url: server.url };
}

export const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Turn =>
  (response) =>
    void response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));

export const problem = (code: string, status: number, headers: Record<string, string> = {}): Turn =>
  json(
    { type: 'about:blank', title: 'No', status, detail: 'A sentence.', code, errors: [{ path: 'a', message: 'b' }] },
    status,
    {
      'Content-Type': 'application/problem+json',
      ...headers,
    },
  );
