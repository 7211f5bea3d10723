import { afterEach, describe, expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import type { ANSWERS } from './answers.js';
import type { AnswerOf } from './documented.js';
import { answering, ID, JOB, stopServers } from './test-api.js';

afterEach(() => stopServers());

describe('the types', () => {
  it('are those of the document: what the schemas read, and nothing more or less', () => {
    expectTypeOf<z.output<typeof ANSWERS.readJob>>().toEqualTypeOf<AnswerOf<'readJob'>>();
    expectTypeOf<z.output<typeof ANSWERS.readResult>>().toEqualTypeOf<AnswerOf<'readResult'>>();
    expectTypeOf<z.output<typeof ANSWERS.openUpload>>().toEqualTypeOf<AnswerOf<'openUpload'>>();
    expectTypeOf<z.output<typeof ANSWERS.listModels>>().toEqualTypeOf<AnswerOf<'listModels'>>();
  });
});

describe('events', () => {
  it('are read as they come, however they are cut into pieces, comments aside', async () => {
    const progress = JSON.stringify({ ...JOB.progress, framesDecoded: 5 });
    const text = `: hello\n\nid: 1-0\nevent: status\ndata: {"status":"preparing"}\n\nid: 2-0\nevent: progress\ndata: ${progress}\n\nevent: news\ndata: {}\n\n`;
    const { client, seen } = await answering((response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      for (const piece of text.match(/[\s\S]{1,7}/g) ?? []) response.write(piece);
      response.end();
    });
    const events = [];
    for await (const event of client.events(ID, { lastEventId: '0-1' })) events.push(event);
    expect(events).toEqual([
      { id: '1-0', type: 'status', data: { status: 'preparing' } },
      { id: '2-0', type: 'progress', data: { ...JOB.progress, framesDecoded: 5 } },
    ]);
    expect(seen[0]?.headers['last-event-id']).toBe('0-1');
  });
});
