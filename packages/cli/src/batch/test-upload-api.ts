import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { mintUploadId, type UploadState } from '@styleflow/contracts';

/** What a caller has uploaded, and how it is to be answered. */
export interface UploadFacts {
  /** SHA-256 of each body that arrived whole, by the upload; of an upload in parts by `ID/PART`. */
  readonly stored: Map<string, string>;
  /** Runs before a body is stored; may wait, or refuse by an HTTP status. */
  beforeStored: (whole: number) => Promise<number | undefined>;
  /** How long uploads are kept. */
  keptMs: number;
}

const PART_BYTES = 8 * 1024 * 1024;

/** The calls about uploads, as far as the commands make them. */
export function uploadApi(url: () => string, facts: UploadFacts) {
  const lengths = new Map<string, number>();
  const joined = new Set<string>();
  const after = (ms: number): string => new Date(Date.now() + ms).toISOString();
  const state = (uploadId: string): UploadState => {
    const bytes = lengths.get(uploadId) ?? null;
    const count = Math.ceil((bytes ?? 0) / PART_BYTES);
    const there = Array.from({ length: count }, (_, at) => at + 1).filter((n) => facts.stored.has(`${uploadId}/${n}`));
    const isWhole = facts.stored.has(uploadId) || joined.has(uploadId);
    const parts = { count, bytes: PART_BYTES, stored: there.map((n): [number, number] => [n, n]) };
    const keptUntil = after(24 * 3_600_000);
    return { uploadId, status: isWhole ? 'stored' : 'open', bytes, keptUntil, ...(bytes === null ? {} : { parts }) };
  };

  /** The JSON of a call and its status; null for a call about something else. */
  function answer(call: string, query: URLSearchParams, body: string): { json: unknown; status: number } | null {
    const [, id = '', what] = /^\w+ \/v1\/uploads\/(\w+)(?:\/(\w+))?$/.exec(call) ?? [];
    if (call === 'POST /v1/uploads') {
      const uploadId = mintUploadId();
      const wanted = body === '' ? {} : (JSON.parse(body) as { bytes?: number; parts?: boolean });
      if (wanted.parts === true) {
        lengths.set(uploadId, wanted.bytes ?? 0);
        return { json: state(uploadId), status: 201 };
      }
      const signed = { url: `${url()}/${uploadId}`, method: 'PUT', headers: {}, expiresAt: after(3_600_000) };
      return { json: { uploadId, ...signed, keptUntil: after(facts.keptMs) }, status: 201 };
    }
    if (what === 'parts') {
      const from = Number(query.get('from') ?? 1);
      const { parts } = state(id);
      const numbers = Array.from({ length: (parts?.count ?? 0) - from + 1 }, (_, at) => from + at);
      const signed = numbers.map((part) => ({
        ...{ part, bytes: Math.min(PART_BYTES, (lengths.get(id) ?? 0) - (part - 1) * PART_BYTES) },
        ...{ url: `${url()}/${id}/${part}`, method: 'PUT', headers: {} },
      }));
      return { json: { parts: signed, expiresAt: after(3_600_000), nextFrom: null }, status: 200 };
    }
    if (what === 'complete') joined.add(id);
    if (what === 'complete' || what === 'renew') return { json: state(id), status: 200 };
    return null;
  }

  async function store(place: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const hash = createHash('sha256');
    try {
      for await (const chunk of request) hash.update(chunk);
    } catch {
      return;
    }
    const refusal = await facts.beforeStored(facts.stored.size);
    if (refusal !== undefined) return void response.writeHead(refusal).end();
    facts.stored.set(place, hash.digest('hex'));
    response.writeHead(200).end();
  }

  return { answer, store };
}
