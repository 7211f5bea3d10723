import { createWriteStream, openAsBlob } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Batch, BatchSchema, MAX_BATCH_ITEMS } from '@styleflow/contracts';
import { askRedis, until } from '@styleflow/testing';
import { startSystem } from '../system/system.js';
import { peakResidentBytes } from './peak-memory.js';

const PATIENCE_MS = 30 * 60_000;

/** A manifest of a million lines: from its upload until it runs, canceled in the middle, deleted. */
export async function benchMillionLines(say: (line: string) => void): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-million-'));
  const system = await startSystem();
  const pids = { api: system.api.pid, cpuWorker: system.cpuWorker.pid, redis: system.redis.pid };
  const peaks = Object.entries(pids).map(([name, pid]) => [name, peakResidentBytes(pid)] as const);
  const read = async (id: string): Promise<Batch> =>
    BatchSchema.parse(await (await fetch(`${system.url}/v1/batches/${id}`)).json());
  const redisKeys = async (): Promise<number> => Number(await askRedis(system.redis.port, ['DBSIZE']));
  try {
    const path = join(folder, 'manifest.csv');
    await pipeline(Readable.from(manifest()), createWriteStream(path));
    const keysBefore = await redisKeys();
    const upload = (await (await fetch(`${system.url}/v1/uploads`, { method: 'POST' })).json()) as {
      uploadId: string;
      url: string;
    };
    await fetch(upload.url, { method: 'PUT', body: await openAsBlob(path) });
    say('the manifest is uploaded');
    const startedAt = performance.now();
    const seconds = (): number => Math.round((performance.now() - startedAt) / 100) / 10;
    const submitted = await fetch(`${system.url}/v1/batches`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ manifest: { uploadId: upload.uploadId } }),
    });
    const { id } = BatchSchema.parse(await submitted.json());
    const accepted = seconds();
    say(`202 after ${accepted} s`);
    await until('it runs', async () => (await read(id)).status === 'running', { timeoutMs: PATIENCE_MS });
    const running = seconds();
    say(`running after ${running} s`);
    await until('items have ended', async () => endedOf(await read(id)) >= 100, { timeoutMs: PATIENCE_MS });
    await fetch(`${system.url}/v1/batches/${id}/cancel`, { method: 'POST' });
    const canceled = await until('it is canceled', async () => {
      const batch = await read(id);
      return batch.status === 'canceled' ? batch : null;
    });
    const readAt = performance.now();
    const rows = await countLines(`${system.url}/v1/batches/${id}/results`);
    const readSeconds = Math.round((performance.now() - readAt) / 100) / 10;
    say(`canceled: ${rows} rows read in ${readSeconds} s`);
    await fetch(`${system.url}/v1/batches/${id}`, { method: 'DELETE' });
    await until('it is deleted', async () => (await fetch(`${system.url}/v1/batches/${id}`)).status === 404, {
      timeoutMs: PATIENCE_MS,
    });
    await until('the sweep has removed entries', async () => (await redisKeys()) <= keysBefore + 20, {
      timeoutMs: 180_000,
    });
    return {
      rows: canceled.rowsRead,
      secondsUntil: { accepted, running, deleted: seconds() },
      counts: canceled.counts,
      results: { rows, seconds: readSeconds },
      peakMegabytes: Object.fromEntries(peaks.map(([name, peak]) => [name, peak.stop()])),
      redisKeys: { before: keysBefore, afterDeletion: await redisKeys() },
    };
  } finally {
    for (const [, peak] of peaks) peak.stop();
    await system.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const endedOf = ({ counts }: Batch): number => counts.succeeded + counts.failed + counts.canceled;

/** Addresses at which nothing listens: what is measured is the batch, not its videos. */
function* manifest(): Generator<string, void> {
  yield 'source,id,truth_label,shelf\n';
  for (let from = 0; from < MAX_BATCH_ITEMS; from += 1_000) {
    const lines = Array.from(
      { length: 1_000 },
      (_, step) => `http://127.0.0.1:9/shelf/${from + step}.mp4,item ${from + step},fake,7\n`,
    );
    yield lines.join('');
  }
}

async function countLines(url: string): Promise<number> {
  let lines = 0;
  for await (const chunk of (await fetch(url)).body ?? []) {
    for (const byte of chunk as Uint8Array) if (byte === 10) lines += 1;
  }
  return lines;
}
