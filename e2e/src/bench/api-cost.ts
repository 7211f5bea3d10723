import { Agent, type RequestOptions, request } from 'node:http';
import { startSystem } from '../system/system.js';
import { cpuSeconds } from './scale/process-cost.js';
import { redisFigures } from './scale/redis-figures.js';

/** Enough clients to keep the API busy. Each holds one connection. */
const CLIENTS = 16;
const SUBMISSIONS = 2_000;
const READS = 6_000;
const LISTS = 500;
const UPLOADS = 100;
const UPLOAD_BYTES = 5_000_000;

interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly expected: number;
}

/**
 * Measures one kind of call after the other: what a call costs one API process and Redis, and how many calls are
 * answered in a second. No worker runs.
 */
export async function benchApi(say: (line: string) => void): Promise<Record<string, unknown>> {
  const system = await startSystem({ STYLEFLOW_LOG_LEVEL: 'warn' });
  // Workers are stopped, because their commands to Redis would be counted as the API's. The bundle stays known.
  await Promise.all([system.cpuWorker.stop(), system.gpuWorker.stop()]);
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  const jobs: string[] = [];

  async function measure(name: string, count: number, makeCall: (n: number) => Call) {
    const [cpu, redis] = [await cpuSeconds(system.api.pid), await redisFigures(system.redis)];
    const startedAt = performance.now();
    const latencies: number[] = [];
    let next = 0;
    const client = async (): Promise<void> => {
      while (next < count) {
        const wanted = makeCall(next++);
        const sentAt = performance.now();
        const { status, text } = await send(system.url, agent, wanted);
        if (status !== wanted.expected) throw new Error(`${name} was answered ${status}: ${text.slice(0, 200)}`);
        latencies.push(performance.now() - sentAt);
        if (name === 'submit') jobs.push((JSON.parse(text) as { id: string }).id);
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
    const seconds = (performance.now() - startedAt) / 1000;
    const [cpuAfter, redisAfter] = [await cpuSeconds(system.api.pid), await redisFigures(system.redis)];
    latencies.sort((a, b) => a - b);
    const figures = {
      callsPerSecond: count / seconds,
      latencyMs: { median: latencies[Math.floor(count / 2)], p95: latencies[Math.floor(count * 0.95)] },
      apiCpuMs: ((cpuAfter.all - cpu.all) * 1000) / count,
      redisCpuMs: ((redisAfter.cpuSeconds - redis.cpuSeconds) * 1000) / count,
      redisCommands: (redisAfter.commands - redis.commands) / count,
    };
    say(
      `${name}: ${figures.callsPerSecond.toFixed(0)} calls a second; each takes ${figures.apiCpuMs.toFixed(2)} ms of the API and ` +
        `${figures.redisCpuMs.toFixed(3)} ms of Redis in ${figures.redisCommands.toFixed(1)} commands`,
    );
    return figures;
  }

  try {
    const submit = await measure('submit', SUBMISSIONS, (n) => ({
      method: 'POST',
      path: '/v1/jobs',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ source: { type: 'url', url: `https://example.org/${n}.mp4` } }),
      expected: 202,
    }));
    const read = await measure('read', READS, (n) => ({
      method: 'GET',
      path: `/v1/jobs/${jobs[n % jobs.length]}`,
      expected: 200,
    }));
    const list = await measure('list', LISTS, () => ({ method: 'GET', path: '/v1/jobs?limit=50', expected: 200 }));
    const upload = await measure('upload', UPLOADS, () => multipart(Buffer.alloc(UPLOAD_BYTES, 7)));
    return {
      clients: CLIENTS,
      submit,
      read,
      list,
      upload: { ...upload, megabytesPerSecond: (upload.callsPerSecond * UPLOAD_BYTES) / 1e6 },
    };
  } finally {
    agent.destroy();
    await system.stop();
  }
}

function multipart(video: Buffer): Call {
  const boundary = 'styleflow-bench';
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="video"; filename="v.mp4"\r\nContent-Type: video/mp4\r\n\r\n`;
  return {
    method: 'POST',
    path: '/v1/jobs',
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: Buffer.concat([Buffer.from(head), video, Buffer.from(`\r\n--${boundary}--\r\n`)]),
    expected: 202,
  };
}

function send(url: string, agent: Agent, { method, path, headers = {}, body }: Call) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const options: RequestOptions = { method, agent, headers: { ...headers, ...length } };
    const call = request(`${url}${path}`, options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', reject);
    });
    call.on('error', reject);
    call.end(body);
  });
}
