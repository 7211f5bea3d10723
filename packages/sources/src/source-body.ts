import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { JobError } from '@styleflow/contracts';
import { resumedStream } from '@styleflow/runtime';
import { type AnswerFacts, parseContentRange, readAnswer } from './source-answer.js';
import type { OpenedSource, SourceOpener } from './source-opener.js';

/** Thrown when another file lies there now than the one that was begun; it comes with the answer that has it from its beginning. */
export class SourceChanged extends Error {
  override readonly name = 'SourceChanged';
  readonly opened: OpenedSource;
  constructor(opened: OpenedSource) {
    super('another file lies there now');
    this.opened = opened;
  }
}

/**
 * The body of an answer. Where its connection breaks, the rest of the same file is asked for (`Range` with `If-Range`), if the source
 * can tell it from others.
 * @throws (the stream) SourceChanged; what broke the connection; JobError of an address that is refused now or asks to wait.
 */
export function readBody(
  { url, answer }: OpenedSource,
  facts: AnswerFacts,
  { opener, signal, onAnswer }: { opener: SourceOpener; signal: AbortSignal; onAnswer: () => void },
): Readable {
  const { bytes, validator } = facts;

  async function reopen(from: number): Promise<Readable | null> {
    signal.throwIfAborted();
    if (validator === null) return null;
    const rest = await opener.ask(url, { range: `bytes=${from}-`, 'if-range': validator }).catch(nullUnlessJobError);
    if (rest === null) return null;
    onAnswer();
    if (rest.statusCode === 206) {
      if (isRest(rest, answer, { from, bytes })) return rest;
      rest.destroy();
      return null;
    }
    try {
      readAnswer(url, rest);
    } catch (error) {
      rest.destroy();
      // What it answers to who comes for the rest says nothing of the whole: that is asked for by the next attempt.
      if (error instanceof JobError && error.away !== undefined) throw error;
      return null;
    }
    throw new SourceChanged({ url, answer: rest });
  }

  const body = resumedStream(answer, { bytes, reopen });
  // Who reads it gets the error; without a listener one that comes before would end the process.
  body.on('error', () => undefined);
  // Between two connections there is no request that the signal would end.
  const stop = (): void => void body.destroy(new Error('aborted'));
  signal.addEventListener('abort', stop, { once: true });
  body.once('close', () => signal.removeEventListener('abort', stop));
  return body;
}

/** An address that is refused now ends the fetch; a connection that fails only ends this try. */
function nullUnlessJobError(error: unknown): null {
  if (error instanceof JobError) throw error;
  return null;
}

/** Whether it is the rest of this very file, from this byte to its end. */
function isRest(
  rest: IncomingMessage,
  whole: IncomingMessage,
  { from, bytes }: { readonly from: number; readonly bytes: number | null },
): boolean {
  const range = parseContentRange(rest.headers['content-range']);
  if (range === null || range.first !== from) return false;
  const isToTheEnd = range.total === null || range.last + 1 === range.total;
  const isAsLong = range.total === null || bytes === null || range.total === bytes;
  const same = (name: 'etag' | 'content-encoding'): boolean =>
    rest.headers[name] === undefined || rest.headers[name] === whole.headers[name];
  return isToTheEnd && isAsLong && same('etag') && same('content-encoding');
}
