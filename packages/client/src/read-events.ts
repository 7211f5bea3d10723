import { ProgressSchema } from '@styleflow/contracts';
import { z } from 'zod';
import type { components } from './generated/openapi-types.js';
import { piecesOf } from './stream-text.js';

export type Progress = components['schemas']['Job']['progress'];

/** One server-sent event of a job. */
export type FollowedEvent =
  | { readonly id: string; readonly type: 'status'; readonly data: Readonly<Record<string, unknown>> }
  | { readonly id: string; readonly type: 'progress'; readonly data: Progress }
  | { readonly id: string; readonly type: 'result'; readonly data: Readonly<Record<string, unknown>> };

const FactsSchema = z.record(z.string(), z.unknown());

/** Reads the events of a `text/event-stream` body as they come. Unknown types, of a newer API, are skipped. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<FollowedEvent, void> {
  for await (const { text, isRest } of piecesOf(body, /\r?\n\r?\n/)) {
    // What no blank line has ended was broken off.
    const event = isRest ? null : parseEvent(text);
    if (event !== null) yield event;
  }
}

function parseEvent(block: string): FollowedEvent | null {
  const fields = new Map<string, string>();
  for (const line of block.split(/\r?\n/)) {
    const [, name = '', value = ''] = /^([^:]*): ?(.*)$/.exec(line) ?? [];
    // A line without a name is a comment, which the server sends to keep the connection alive.
    if (name !== '') fields.set(name, fields.has(name) && name === 'data' ? `${fields.get(name)}\n${value}` : value);
  }
  const [id, type, text] = [fields.get('id') ?? '', fields.get('event'), fields.get('data')];
  if (text === undefined) return null;
  const data: unknown = JSON.parse(text);
  if (type === 'progress') return { id, type, data: ProgressSchema.parse(data) };
  if (type === 'status' || type === 'result') return { id, type, data: FactsSchema.parse(data) };
  return null;
}
