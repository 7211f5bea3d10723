import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { toJobError } from '@styleflow/contracts';
import { RateFloor } from '@styleflow/runtime';
import { startHttpServer } from '@styleflow/testing';
import { describe, expect, it } from 'vitest';
import { readChunks } from './read-body.js';

/** What becomes of a body that is read with a floor of 10,000 bytes a second over spans of half a second: its length, or a code. */
async function read(chunk: string, everyMs: number, chunks: number, readerMs: number): Promise<number | string> {
  let settle: (outcome: number | string) => void = () => undefined;
  const outcome = new Promise<number | string>((resolve) => {
    settle = resolve;
  });
  const server = await startHttpServer(async (request, response) => {
    const floor = new RateFloor({ minBytesPerSecond: 10_000, windowMs: 500 });
    let bytes = 0;
    try {
      for await (const part of readChunks(request, { idleMs: 10_000, floor })) {
        bytes += part.length;
        await pause(readerMs);
      }
      settle(bytes);
    } catch (error) {
      settle(toJobError(error).code);
    }
    response.end();
  });
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${chunk.length * chunks}\r\n\r\n`);
  for (let sent = 0; sent < chunks && !socket.destroyed; sent += 1) {
    socket.write(chunk);
    if (everyMs > 0) await pause(everyMs);
  }
  const found = await outcome;
  socket.destroy();
  await server.stop();
  return found;
}

describe('a body', () => {
  it('that drips is given up after its grace, however short its silences are', async () => {
    expect(await read('f', 20, 100, 0)).toBe('invalid_request');
  });

  it('that comes as fast as it is read is not, however slow the reader is', async () => {
    expect(await read('film', 0, 500, 1_000)).toBe(2_000);
  });
});
